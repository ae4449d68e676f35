import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { netOutputs, netTasks } from "../src/api/index.ts";
import { configMaps } from "../src/runtime/index.ts";
import { condition, configured, result, startSystem } from "./support/system.ts";

const VERSION = `Value VERSION (\\S+)

Start
  ^.*, Version \${VERSION}, -> Record
`;

test("a show command runs on all devices and its output stands in the status", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([
    system.device({ platform: "cisco_ios" }),
    system.device({ platform: "arista_eos" }),
  ]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();

  await system.createJob("show-version", { deviceSelector: {}, commands: ["show version"] });
  const job = await system.finished("show-version");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True", reason: "Completed" });
  expect(condition(job, "Finished")).toMatchObject({ status: "True" });
  expect(job.status?.summary).toMatchObject({ total: 2, succeeded: 2 });
  expect(job.status?.results?.map(({ device, state }) => [device, state])).toEqual([
    ["r1", "Succeeded"],
    ["r2", "Succeeded"],
  ]);
  expect(result(job, "r1")?.commands?.[0]?.output).toContain("Cisco IOS Software");
});

test("a change reports each line, is saved, and its session is used again", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  const lines = ["interface Loopback0", "description core", "no shutdown"];
  await system.createJob("change", { devices: ["r1"], config: lines.join("\n"), options: { save: true } });
  const job = await system.finished("change");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(result(job, "r1")?.commands?.[0]?.lines).toEqual(lines.map((line) => ({ line, state: "accepted" })));
  expect(configured(r1)).toEqual(lines);
  expect(r1.startupConfig()).toContain("description core");

  await system.createJob("look", { devices: ["r1"], commands: ["show version"] });
  expect(result(await system.finished("look"), "r1")?.sessionReused).toBe(true);
  expect(r1.logins).toBe(1);
});

test("a rejected line stops the change: nothing after it is sent, nothing is saved, and the line is named", async () => {
  const system = await startSystem();
  const r1 = await system.device({ rejects: ["ip adress 10.0.0.1 255.255.255.255"] });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  const config = "interface Loopback0\nip adress 10.0.0.1 255.255.255.255\nno shutdown";
  await system.createJob("typo", { devices: ["r1"], config, options: { save: true } });
  const job = await system.finished("typo");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "DevicesFailed" });
  expect(result(job, "r1")).toMatchObject({ state: "Failed", reason: "ConfigRejected" });
  expect(result(job, "r1")?.commands?.[0]?.lines?.map(({ state }) => state)).toEqual([
    "accepted",
    "rejected",
    "skipped",
  ]);
  expect(configured(r1)).toEqual(["interface Loopback0", "ip adress 10.0.0.1 255.255.255.255"]);
  expect(r1.received()).not.toContain("write memory");
  expect(r1.startupConfig()).not.toContain("Loopback0");
});

test("a dry run shows what a change would do and sends no configuration", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  const before = r1.runningConfig();

  await system.createJob("dry", {
    devices: ["r1"],
    config: "ntp server 192.0.2.1",
    options: { dryRun: true },
  });
  const job = await system.finished("dry");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(result(job, "r1")?.commands?.[0]?.diff).toContain("ntp server 192.0.2.1");
  expect(configured(r1)).toEqual([]);
  expect(r1.runningConfig()).toBe(before);
});

test("outputs are parsed by an inline TextFSM template and by one from a ConfigMap", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.client.create(configMaps, {
    metadata: { name: "parsers", namespace: system.namespace },
    data: { "version.textfsm": VERSION },
  });

  const parse = { engine: "textfsm" };
  await system.createJob("inline", {
    devices: ["r1"],
    commands: ["show version"],
    parse: [{ ...parse, template: VERSION }],
  });
  await system.createJob("from-config-map", {
    devices: ["r1"],
    commands: ["show version"],
    parse: [{ ...parse, templateFrom: { configMapRef: { name: "parsers", key: "version.textfsm" } } }],
  });

  for (const name of ["inline", "from-config-map"]) {
    const command = result(await system.finished(name), "r1")?.commands?.[0];
    expect(command?.parsed).toEqual([{ version: expect.stringMatching(/^\d+\./) }]);
    expect(command?.output).toContain("Version");
  }
});

test("a template that does not parse fails the device and keeps the output", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("bad-template", {
    devices: ["r1"],
    commands: ["show version"],
    parse: [{ engine: "textfsm", template: "Value X (\\S+\n\nStart\n" }],
  });
  const job = await system.finished("bad-template");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "DevicesFailed" });
  expect(result(job, "r1")?.commands?.[0]).toMatchObject({
    output: expect.stringContaining("Cisco IOS"),
    error: { reason: result(job, "r1")?.reason },
  });
});

test("a jinja2 template with a context from a ConfigMap makes the configuration of each device", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device(), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();
  await system.client.create(configMaps, {
    metadata: { name: "site", namespace: system.namespace },
    data: { "ntp.yaml": "servers: [192.0.2.1, 192.0.2.2]\n" },
  });

  await system.createJob("ntp", {
    deviceSelector: {},
    render: {
      engine: "jinja2",
      into: "Config",
      template:
        "{% for s in servers %}ntp server {{ s }}\n{% endfor %}snmp-server location {{ device.name }}\n",
      contextFrom: [{ configMapRef: { name: "site", key: "ntp.yaml" } }],
    },
  });
  const job = await system.finished("ntp");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual(["ntp server 192.0.2.1", "ntp server 192.0.2.2", "snmp-server location r1"]);
  expect(configured(r2).at(-1)).toBe("snmp-server location r2");
});

test("a template that cannot be rendered touches no device", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("missing", {
    devices: ["r1"],
    render: {
      engine: "jinja2",
      into: "Config",
      templateFrom: { configMapRef: { name: "nowhere", key: "a.j2" } },
    },
  });
  const job = await system.finished("missing");

  expect(result(job, "r1")).toMatchObject({
    state: "Failed",
    reason: "TemplateNotFound",
    message: expect.stringContaining("nowhere"),
  });
  expect(r1.logins).toBe(0);
});

test("a read-only command is tried again on a new session as often as backoffLimit allows", async () => {
  const system = await startSystem();
  const r1 = await system.device({ closesOn: ["show version"] });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("flaky", { devices: ["r1"], commands: ["show version"], backoffLimit: 1 });
  const job = await system.finished("flaky");

  expect(result(job, "r1")).toMatchObject({ state: "Failed", attempts: 2 });
  expect(r1.received().filter((line) => line === "show version")).toHaveLength(2);
  expect(r1.logins).toBe(2);
});

test("5 MB of output go to NetOutput chunks that reassemble to what the checksum says", async () => {
  const system = await startSystem();
  const text = Array.from(
    { length: 80_000 },
    (_, n) => `route ${n} via 10.0.0.1 größe ✓ ${"x".repeat(36)}`,
  ).join("\n");
  const r1 = await system.device({ outputs: { "show ip route": text } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("large", {
    devices: ["r1"],
    commands: ["show ip route", "show version"],
    options: { readTimeoutSeconds: 60 },
  });
  const job = await system.finished("large", 90_000);
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });

  const [large, small] = result(job, "r1")?.commands ?? [];
  expect(small?.output).toContain("Cisco IOS");
  const ref = large?.outputRef;
  expect(ref?.size).toBeGreaterThan(5_000_000);
  const { items } = await system.client.list(netOutputs, { namespace: system.namespace });
  const chunks = items.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
  expect(chunks).toHaveLength(ref?.chunks ?? 0);
  expect(chunks[0]?.metadata.name).toBe(ref?.name);
  const whole = chunks.map(({ data }) => data).join("");
  expect(createHash("sha256").update(whole).digest("hex")).toBe(ref?.sha256);
  expect(whole.trim()).toBe(text);
});

test("results of more than 64 KiB together refer to the task that has them", async () => {
  const system = await startSystem();
  const outputs = { "show tech-support": "line of text\n".repeat(4000) };
  const [r1, r2] = await Promise.all([system.device({ outputs }), system.device({ outputs })]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();

  await system.createJob("tech", { deviceSelector: {}, commands: ["show tech-support"] });
  const job = await system.finished("tech");

  for (const device of ["r1", "r2"]) {
    const { commands, ref } = result(job, device) ?? {};
    expect(commands).toBeUndefined();
    const task = await system.client.get(netTasks, system.namespace, ref?.name ?? "");
    const kept = JSON.stringify(task.status?.devices?.find((each) => each.device === device)?.commands);
    expect(kept).toContain("line of text");
    expect(ref?.size).toBeGreaterThan(50_000);
  }
});
