import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { noSshd, startSshd } from "../../device/transfer/testing/sshd.ts";
import { type SimulatedDevice, type SimulationOptions, simulate } from "../../simulator/index.ts";
import { EXIT, type RunOptions, type RunStreams, run } from "./run.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function device(options: Partial<SimulationOptions> = {}): Promise<SimulatedDevice> {
  const started = await simulate({ platform: "cisco_ios", ...options });
  closers.push(() => started.close());
  return started;
}

/** A file with these objects. */
function file(...objects: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-run-"));
  closers.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "objects.yaml");
  writeFileSync(path, objects.map((object) => stringify(object)).join("---\n"));
  return path;
}

const apiVersion = "netpulse.io/v1alpha1";

function pool(devices: Readonly<Record<string, SimulatedDevice>>) {
  return {
    apiVersion,
    kind: "DevicePool",
    metadata: { name: "lab" },
    spec: {
      credentials: [{ name: "login", secretRef: { name: "lab-login" } }],
      devices: Object.entries(devices).map(([name, { host, port, platform, fingerprint }]) => ({
        name,
        host,
        port,
        driver: { args: { device_type: platform } },
        hostKeys: { fingerprints: [fingerprint] },
      })),
    },
  };
}

function job(spec: Readonly<Record<string, unknown>>) {
  return {
    apiVersion,
    kind: "NetJob",
    metadata: { name: "job" },
    spec: { poolRef: { name: "lab" }, deviceSelector: {}, ...spec },
  };
}

const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "lab-login" },
  stringData: { username: "admin", password: "admin" },
};

async function called(
  files: readonly string[],
  more: Partial<RunOptions> = {},
  streams: Partial<RunStreams> = {},
) {
  let out = "";
  let err = "";
  const code = await run(
    {
      file: [...files],
      device: [],
      askPassword: false,
      diff: false,
      output: "json",
      volume: [],
      fetched: "fetched",
      quiet: false,
      ...more,
    },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      isTerminal: false,
      environment: {},
      onInterrupt: () => {},
      ask: () => Promise.resolve(""),
      ...streams,
    },
  );
  return { code, out: stripVTControlCharacters(out), err: stripVTControlCharacters(err) };
}

test("a job runs on the devices of its pool without a cluster, and its result is what a cluster would store", async () => {
  const [r1, r2] = [await device(), await device({ platform: "arista_eos" })];
  const files = [file(job({ commands: ["show version"] })), file(pool({ r1, r2 }), secret)];
  const { code, out, err } = await called(files);
  expect(code).toBe(EXIT.succeeded);
  const { status } = JSON.parse(out);
  expect(status.summary).toMatchObject({ total: 2, succeeded: 2 });
  expect(status.results[0].commands[0].output).toContain("Cisco IOS Software");
  expect(err.trim().split("\n").toSorted()).toEqual(["Succeeded  r1", "Succeeded  r2"]);
});

test("--diff shows what a change would do and leaves the device as it is; without it the change is made", async () => {
  const r1 = await device();
  const files = [file(job({ config: "interface Loopback0\n" }), pool({ r1 }), secret)];
  const shown = await called(files, { diff: true, output: "table" });
  expect(shown.out).toContain("+ interface Loopback0");
  expect(r1.received()).not.toContain("interface Loopback0");
  expect((await called(files)).code).toBe(EXIT.succeeded);
  expect(r1.received()).toContain("interface Loopback0");
});

test("--device leaves the other devices of the job alone", async () => {
  const [r1, r2] = [await device(), await device()];
  const files = [file(job({ commands: ["show version"] }), pool({ r1, r2 }), secret)];
  const { out } = await called(files, { device: ["r2"] });
  expect(JSON.parse(out).status.results.map((each: { device: string }) => each.device)).toEqual(["r2"]);
  expect(r1.logins).toBe(0);
});

test("a failed device makes exit code 1, and the table says why", async () => {
  const r1 = await device({ rejects: [/^bogus/] });
  const { code, out } = await called([file(job({ config: "bogus line" }), pool({ r1 }), secret)], {
    output: "table",
  });
  expect(code).toBe(EXIT.failed);
  expect(out).toMatch(/r1\s+Failed \(ConfigRejected\)/);
  expect(out).toContain("rejected: bogus line");
});

test("credentials come from the environment where no Secret of the files is theirs, and never appear", async () => {
  const r1 = await device({ password: "s3cret-word" });
  const files = [file(job({ commands: ["show version"] }), pool({ r1 }))];
  const missing = await called(files, { output: "table" });
  expect(missing).toMatchObject({ code: EXIT.failed, out: expect.stringContaining("CredentialMissing") });
  const environment = { NETPULSE_USERNAME: "admin", NETPULSE_PASSWORD: "s3cret-word" };
  const { code, out, err } = await called(files, {}, { environment });
  expect(code).toBe(EXIT.succeeded);
  expect(out + err).not.toContain("s3cret-word");
});

test("a template is rendered with variables of a ConfigMap in the files", async () => {
  const r1 = await device();
  const render = {
    template: "hostname {{ name }}",
    contextFrom: [{ configMapRef: { name: "vars", key: "site.yaml" } }],
  };
  const vars = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "vars" },
    data: { "site.yaml": "name: core" },
  };
  const { code } = await called([file(job({ render }), pool({ r1 }), secret, vars)]);
  expect(code).toBe(EXIT.succeeded);
  expect(r1.received()).toContain("hostname core");
});

test("an output in which a parser finds nothing is shown as an empty list, not passed over", async () => {
  const r1 = await device({ outputs: { "show clock": "12:00" } });
  const parse = [{ engine: "textfsm", template: "Value NAME (never)\n\nStart\n  ^$NAME -> Record\n" }];
  const { code, out } = await called([file(job({ commands: ["show clock"], parse }), pool({ r1 }), secret)], {
    output: "table",
  });
  expect(code).toBe(EXIT.succeeded);
  expect(stripVTControlCharacters(out)).toContain("r1: show clock\n[]");
});

test.each([
  [{ commands: ["show clock"], config: "x" }, "set exactly one of commands, config"],
  [{ comands: ["show clock"] }, "spec: there is no field comands"],
  [{ transfer: { files: [{ put: { path: "/x" } }] } }, "spec.transfer.files[0].put.from: required"],
  [{ commands: ["show clock"], poolRef: { name: "other" } }, "DevicePool other is in none of the files"],
])("the job %j is refused as a cluster would, before any login", async (spec, message) => {
  const r1 = await device();
  const { code, err } = await called([file(job(spec), pool({ r1 }), secret)]);
  expect({ code, err }).toMatchObject({ code: EXIT.invalid, err: expect.stringContaining(message) });
  expect(r1.logins).toBe(0);
});

test("an interrupt ends the job between two devices, with what is done in the result", async () => {
  const [r1, r2] = [await device(), await device()];
  const files = [file(job({ commands: ["show version"], parallelism: 1 }), pool({ r1, r2 }), secret)];
  let interrupt = () => {};
  const { code, out } = await called(
    files,
    {},
    {
      onInterrupt: (listener) => {
        interrupt = listener;
      },
      err: (text) => {
        if (text.includes("r1")) interrupt();
      },
    },
  );
  expect(code).toBe(EXIT.interrupted);
  const states = JSON.parse(out).status.results.map((each: { state: string }) => each.state);
  expect(states).toEqual(["Succeeded", "Cancelled"]);
  expect(JSON.parse(out).status.conditions).toContainEqual(
    expect.objectContaining({ type: "Succeeded", status: "False", reason: "Cancelled" }),
  );
  expect(r2.logins).toBe(0);
});

test.skipIf(noSshd)(`files are fetched from a host to a folder${noSshd ? `: ${noSshd}` : ""}`, async () => {
  const { stop, port, fingerprint, username, privateKey, folder } = await startSshd();
  closers.push(stop);
  const fetched = join(folder, "fetched");
  writeFileSync(join(folder, "image.bin"), Buffer.from([0, 1, 2, 255]));
  const host = {
    name: "host",
    host: "127.0.0.1",
    port,
    driver: { name: "paramiko" },
    hostKeys: { fingerprints: [fingerprint] },
  };
  const lab = {
    apiVersion,
    kind: "DevicePool",
    metadata: { name: "lab" },
    spec: { credentials: [{ name: "login", secretRef: { name: "key" } }], devices: [host] },
  };
  const key = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "key" },
    stringData: { username, "ssh-privatekey": privateKey },
  };
  const transfer = { files: [{ get: { path: join(folder, "image.bin"), to: { output: {} } } }] };
  const { code } = await called([file(job({ transfer }), lab, key)], { fetched });
  expect(code).toBe(EXIT.succeeded);
  expect(readFileSync(join(fetched, "host", folder, "image.bin"))).toEqual(Buffer.from([0, 1, 2, 255]));
});
