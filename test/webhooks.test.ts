import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { condition, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

// The receiver is on loopback, where the plugin may not go unless it is told so.
const CONFIG = { plugins: { webhooks: { basic: { allowedNetworks: ["127.0.0.0/8"] } } } };

interface Received {
  readonly id: string;
  readonly type: string;
  readonly reason: string;
}

/** A receiver whose answers the test decides. */
async function receiver(answer: (count: number, response: ServerResponse) => void) {
  const events: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void json(request).then((body) => {
      events.push(body as Received);
      answer(events.length, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/hook`, events, close };
}

const ok = (_: number, response: ServerResponse) => response.end();

test("a job's end is announced, in the order of its transitions where all are asked for", async () => {
  const system = await startSystem({ config: CONFIG });
  const r1 = await system.device({ slow: { "show slow": 2500 }, outputs: { "show slow": "done" } });
  const hook = await receiver(ok);
  await system.startOperator();
  await system.createPool({ r1 }, { webhooks: [{ name: "noc", url: hook.url, events: ["*"] }] });
  await system.startWorker();
  await system.createJob("told", { devices: ["r1"], commands: ["show slow"], webhooks: [{ name: "noc" }] });

  await system.jobThat("told", "is told", (job) => condition(job, "WebhooksDelivered")?.status === "True");
  expect(hook.events.map(({ type }) => type).at(-1)).toBe("netjob.succeeded");
  expect(hook.events.map(({ type }) => type)).toContain("netjob.running");
  const { metadata } = await system.job("told");
  expect(hook.events.at(-1)?.id).toBe(`${metadata.uid}/1/Succeeded`);
});

test("a receiver that fails at first is told again, with the attempts in the status", async () => {
  const system = await startSystem({ config: CONFIG });
  const r1 = await system.device();
  const hook = await receiver((count, response) => {
    response.statusCode = count < 3 ? 503 : 200;
    response.end();
  });
  await system.startOperator();
  await system.createPool(
    { r1 },
    { webhooks: [{ name: "noc", url: hook.url, maxRetries: 3, retryIntervals: [1] }] },
  );
  await system.startWorker();
  await system.createJob("told", {
    devices: ["r1"],
    commands: ["show version"],
    webhooks: [{ name: "noc" }],
  });

  const job = await system.jobThat(
    "told",
    "is told",
    (each) => condition(each, "WebhooksDelivered")?.status === "True",
  );
  expect(job.status?.webhooks).toMatchObject([{ name: "noc", state: "Delivered", attempts: 3 }]);
  expect(new Set(hook.events.map(({ id }) => id)).size).toBe(1);
});

test("a receiver that is gone makes WebhooksDelivered false and nothing else of the job", async () => {
  const system = await startSystem({ config: CONFIG });
  const r1 = await system.device();
  const hook = await receiver(ok);
  hook.close();
  await system.startOperator();
  await system.createPool(
    { r1 },
    { webhooks: [{ name: "noc", url: hook.url, maxRetries: 1, retryIntervals: [1] }] },
  );
  await system.startWorker();
  await system.createJob("told", {
    devices: ["r1"],
    commands: ["show version"],
    webhooks: [{ name: "noc" }],
  });

  const job = await system.jobThat(
    "told",
    "is given up",
    (each) => condition(each, "WebhooksDelivered")?.status === "False",
  );
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True", reason: "Completed" });
  expect(job.status?.webhooks).toMatchObject([{ state: "Failed", attempts: 2 }]);
});

test("a slow receiver holds up neither the job nor other jobs", async () => {
  const system = await startSystem({ config: CONFIG });
  const r1 = await system.device();
  const held: ServerResponse[] = [];
  const hook = await receiver((_, response) => held.push(response));
  await system.startOperator();
  await system.createPool({ r1 }, { webhooks: [{ name: "noc", url: hook.url }] });
  await system.startWorker();
  await system.createJob("slow", {
    devices: ["r1"],
    commands: ["show version"],
    webhooks: [{ name: "noc" }],
  });
  await until("the receiver was called", () => held.length === 1);

  await system.createJob("other", { devices: ["r1"], commands: ["show version"] });
  expect(condition(await system.finished("other"), "Succeeded")).toMatchObject({ status: "True" });
  expect(condition(await system.job("slow"), "Finished")).toMatchObject({ status: "True" });
  held[0]?.end();
  await system.jobThat("slow", "is told", (job) => condition(job, "WebhooksDelivered")?.status === "True");
});

test("a job's end that was not delivered before the operator ended is delivered by the next one", async () => {
  const system = await startSystem({ config: CONFIG });
  const r1 = await system.device();
  let up = false;
  const hook = await receiver((_, response) => {
    response.statusCode = up ? 200 : 503;
    response.end();
  });
  const client = await system.faultyClient();
  const first = await system.startOperator({ client });
  await system.createPool(
    { r1 },
    { webhooks: [{ name: "noc", url: hook.url, maxRetries: 10, retryIntervals: [1] }] },
  );
  await system.startWorker();
  await system.createJob("told", {
    devices: ["r1"],
    commands: ["show version"],
    webhooks: [{ name: "noc" }],
  });
  await until("the receiver has refused", () => hook.events.length > 0);
  client.cut();
  await first.stop();

  up = true;
  await system.startOperator();
  const job = await system.jobThat(
    "told",
    "is told",
    (each) => condition(each, "WebhooksDelivered")?.status === "True",
  );
  expect(new Set(hook.events.map(({ id }) => id))).toEqual(new Set([`${job.metadata.uid}/1/Succeeded`]));
});

test("an address that the configuration does not allow is refused", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  const hook = await receiver(ok);
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("inside", {
    devices: ["r1"],
    commands: ["show version"],
    webhooks: [{ name: "mine", url: hook.url, maxRetries: 0 }],
  });

  const job = await system.jobThat(
    "inside",
    "is given up",
    (each) => condition(each, "WebhooksDelivered")?.status === "False",
  );
  expect(job.status?.webhooks?.[0]?.message).toContain("127.0.0.1");
  expect(hook.events).toEqual([]);
});
