import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guardedAgent, type Resolve } from "./connector.ts";
import { configSchema, NetworkPolicy } from "./networks.ts";

let server: Server;
let port: number;
let reached = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    reached += 1;
    // Every request has to connect anew, or the second look-up would never happen.
    response.setHeader("connection", "close").end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

const answering =
  (...answers: string[][]): Resolve =>
  (_hostname, _options, callback) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };

async function get(host: string, resolve: Resolve, allowedNetworks: string[] = []): Promise<number> {
  const agent = guardedAgent(new NetworkPolicy(configSchema.parse({ allowedNetworks })), resolve);
  try {
    return (await request(`http://${host}:${port}/`, { dispatcher: agent })).statusCode;
  } finally {
    await agent.close();
  }
}

test("a name that leads to an allowed address is connected to", async () => {
  expect(await get("receiver.test", answering(["127.0.0.1"]), ["127.0.0.0/8"])).toBe(200);
});

test("a name that leads to a refused address is not connected to, and the message says why", async () => {
  const before = reached;
  await expect(get("receiver.test", answering(["127.0.0.1"]))).rejects.toMatchObject({
    code: "WebhookRefused",
    message: expect.stringContaining(
      "receiver.test was not called: its address 127.0.0.1 is in 127.0.0.0/8 (loopback)",
    ),
  });
  expect(reached).toBe(before);
});

test("of several addresses only the allowed ones are tried", async () => {
  expect(
    await get("receiver.test", answering(["169.254.169.254", "::1", "127.0.0.1"]), ["127.0.0.1/32"]),
  ).toBe(200);
});

test("a name that changes its address between two requests is looked at again", async () => {
  const agent = guardedAgent(
    new NetworkPolicy(configSchema.parse({ allowedNetworks: ["127.0.0.1/32"] })),
    answering(["127.0.0.1"], ["127.0.0.2"]),
  );
  const url = `http://rebinding.test:${port}/`;
  const first = await request(url, { dispatcher: agent });
  await first.body.dump();
  await expect(request(url, { dispatcher: agent })).rejects.toMatchObject({ code: "WebhookRefused" });
  await agent.close();
});

test.each([
  "127.0.0.1",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "2130706433",
  "0177.0.0.1",
  "0x7f.1",
  "127.1",
  "0.0.0.0",
])("the literal address %s is refused without any look-up", async (host) => {
  const noLookup: Resolve = () => {
    throw new Error("looked up");
  };
  await expect(get(host, noLookup)).rejects.toMatchObject({ code: "WebhookRefused" });
});

test("a name without any address fails as such", async () => {
  await expect(get("nowhere.test", answering([]))).rejects.toMatchObject({ code: "WebhookFailed" });
});
