import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { noSshd, startSshd } from "../src/device/transfer/testing/sshd.ts";
import type { WebhookEvent } from "../src/plugin/index.ts";
import { condition, type PoolMember, result, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

/** A real host, and a program on it that goes on until the test lets it end. */
async function startHost() {
  const { stop, port, fingerprint, username, privateKey, folder } = await startSshd();
  onTestFinished(stop);
  const host: PoolMember = {
    host: "127.0.0.1",
    port,
    fingerprint,
    username,
    password: "unused",
    privateKey,
    platform: "linux",
    driver: "paramiko",
  };
  const [gate, starts] = [join(folder, "gate"), join(folder, "starts")];
  const content = [
    `echo started >> ${starts}`,
    "echo working",
    `while [ ! -e ${gate} ]; do sleep 0.1; done`,
    "echo done; echo trouble >&2; exit 7",
  ].join("\n");
  return {
    host,
    script: { interpreter: "/bin/sh", content },
    open: () => writeFileSync(gate, ""),
    starts: () => (existsSync(starts) ? readFileSync(starts, "utf8").trim().split("\n").length : 0),
  };
}

/** Bodies that a webhook receives. */
async function receiver() {
  const events: WebhookEvent[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      events.push(body as WebhookEvent);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, events };
}

const CONFIG = { plugins: { webhooks: { basic: { allowedNetworks: ["127.0.0.0/8"] } } } };

describe.skipIf(noSshd)(`detached programs${noSshd ? `: ${noSshd}` : ""}`, () => {
  test("a program is followed to its end while its host is free for other jobs, and its log is announced", async () => {
    const system = await startSystem({ config: CONFIG });
    const { host, script, open, starts } = await startHost();
    const hook = await receiver();
    await system.startOperator();
    await system.createPool(
      { host },
      { webhooks: [{ name: "noc", url: hook.url, events: ["Log", "Failed"] }] },
    );
    await system.startWorker();
    const options = { detach: true, logIntervalSeconds: 1 };
    await system.createJob("long", { devices: ["host"], script, options, webhooks: [{ name: "noc" }] });

    const running = await system.jobThat(
      "long",
      "shows its program",
      (job) => !!result(job, "host")?.detached,
    );
    expect(result(running, "host")).toMatchObject({
      state: "Running",
      detached: { id: expect.stringMatching(/^np-/) },
    });
    await until("a piece of the log", async () =>
      hook.events.some(({ log }) => log?.text.includes("working")),
    );
    await system.createJob("short", { devices: ["host"], commands: ["echo here"] });
    expect(result(await system.finished("short"), "host")?.commands?.[0]?.output).toBe("here\n");

    open();
    const done = await system.finished("long");
    expect(result(done, "host")).toMatchObject({
      state: "Failed",
      reason: "CommandFailed",
      detached: { state: "Exited", exitStatus: 7 },
      commands: [{ exitStatus: 7, output: "working\ndone\ntrouble\n" }],
    });
    expect(starts()).toBe(1);
    await system.jobThat("long", "is told", (job) => condition(job, "WebhooksDelivered")?.status === "True");
    expect(hook.events[0]).toMatchObject({ type: "netjob.log", log: { device: "host", offset: 0 } });
    expect(hook.events.at(-1)?.type).toBe("netjob.failed");
  });

  test("when its worker is killed another one reports its end, with exit status and the whole log, once", async () => {
    const system = await startSystem({ leaseSeconds: 3 });
    const { host, script, open, starts } = await startHost();
    await system.startOperator();
    await system.createPool({ host });
    const first = await system.startWorkerProcess();
    await system.createJob("survivor", { devices: ["host"], script, options: { detach: true } });
    await system.jobThat("survivor", "runs", (job) => result(job, "host")?.detached?.state === "Running");
    await until("the program has started", async () => starts() > 0);

    await first.kill();
    await system.startWorkerProcess();
    await until("another worker has it", async () => (await system.tasks("survivor")).length > 1, 60_000);
    open();
    const done = await system.finished("survivor", 60_000);
    expect(result(done, "host")).toMatchObject({
      state: "Failed",
      detached: { exitStatus: 7 },
      commands: [{ exitStatus: 7, output: "working\ndone\ntrouble\n" }],
    });
    expect(done.status?.results).toHaveLength(1);
    expect(starts()).toBe(1);
  });

  test("a cancelled job ends its program, and keeps what it wrote", async () => {
    const system = await startSystem();
    const { host, script, open } = await startHost();
    await system.startOperator();
    await system.createPool({ host });
    await system.startWorker();
    await system.createJob("endless", { devices: ["host"], script, options: { detach: true } });
    await system.jobThat("endless", "runs", (job) => result(job, "host")?.detached?.state === "Running");
    await system.editJob("endless", { cancel: true });
    const done = await system.finished("endless");
    open();
    expect(result(done, "host")).toMatchObject({
      state: "Cancelled",
      detached: { state: "Exited" },
      commands: [{ output: expect.not.stringContaining("done") }],
    });
  });
});
