import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { CertificateAuthority } from "../certificates/authority.ts";
import { type SimulatedEapi, simulateEapi } from "../simulator/eapi/server.ts";
import { fingerprint } from "./host-key.ts";
import { HttpClient, type HttpLimits } from "./https.ts";
import type { CertificateTrust } from "./https-trust.ts";

const authority = CertificateAuthority.create("lab authority");
const good = authority.issue({ commonName: "leaf1", hosts: ["127.0.0.1"] });
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(tls = good): Promise<SimulatedEapi> {
  const device = await simulateEapi({ tls });
  closers.push(() => device.close());
  return device;
}

function client(device: { port: number }, trust: CertificateTrust, limits: Partial<HttpLimits> = {}) {
  const http = new HttpClient({
    device: "leaf1",
    protocol: "https",
    host: "127.0.0.1",
    port: device.port,
    trust,
    limits,
  });
  closers.push(() => http.close());
  return http;
}

const ask = (more: { signal?: AbortSignal; timeoutMs?: number; onText?: (text: string) => void } = {}) => ({
  method: "GET" as const,
  path: "/",
  headers: {},
  timeoutMs: 5000,
  signal: new AbortController().signal,
  purpose: "show clock",
  ...more,
});

test("a certificate that a given authority signed for the host is accepted", async () => {
  const device = await start();
  const reply = await client(device, { policy: "Verify", ca: authority.certificate }).request(ask());
  expect(reply.status).toBe(401);
});

test.each([
  ["of an unknown authority", good, undefined, /authority is not (?:known|trusted)/],
  [
    "that has expired",
    authority.issue({ commonName: "leaf1", hosts: ["127.0.0.1"] }, new Date("2001-01-01T00:00:00Z")),
    authority.certificate,
    /has expired/,
  ],
  [
    "for another host",
    authority.issue({ commonName: "leaf2", hosts: ["10.9.9.9"] }),
    authority.certificate,
    /names another host/,
  ],
])("a certificate %s is refused before anything is sent, with the remedy", async (_what, tls, ca, why) => {
  const device = await start(tls);
  const request = client(device, { policy: "Verify", ...(ca !== undefined && { ca }) }).request(ask());
  await expect(request).rejects.toMatchObject({
    code: "CertificateRejected",
    message: expect.stringMatching(why),
  });
  await expect(request).rejects.toThrow(/ca\.crt.*certificate_fingerprints/s);
  expect(device.received).toEqual([]);
});

const pin = fingerprint(new X509Certificate(good.certificate).raw);
const hexadecimal = new X509Certificate(good.certificate).fingerprint256;

test.each([
  pin,
  hexadecimal,
  hexadecimal.replaceAll(":", "").toLowerCase(),
  `sha256 Fingerprint=${hexadecimal}`,
])("a pinned certificate needs no authority: %s", async (given) => {
  const device = await start();
  const trust = { policy: "Verify", fingerprints: [given], pinnedOnly: true } as const;
  expect(await client(device, trust).request(ask())).toMatchObject({ status: 401 });
});

test("where only a pin counts, a certificate of a trusted authority is refused, and the message shows its fingerprint", async () => {
  const device = await start();
  const other = `SHA256:${Buffer.alloc(32).toString("base64")}`;
  const trust = {
    policy: "Verify",
    ca: authority.certificate,
    fingerprints: [other],
    pinnedOnly: true,
  } as const;
  await expect(client(device, trust).request(ask())).rejects.toThrow(pin);
  expect(device.received).toEqual([]);
});

test("Insecure accepts any certificate", async () => {
  const device = await start(authority.issue({ commonName: "x", hosts: ["10.9.9.9"] }));
  expect(await client(device, { policy: "Insecure" }).request(ask())).toMatchObject({ status: 401 });
});

test.each([1, 2])("requests use kept connections, and no more than %i of them", async (connections) => {
  const device = await start();
  const http = client(device, { policy: "Insecure" }, { connections });
  for (let i = 0; i < 3; i++) await http.request(ask());
  await Promise.all(Array.from({ length: 8 }, () => http.request(ask())));
  expect(new Set(device.received.map(({ connection }) => connection)).size).toBe(connections);
});

test("a device that does not answer in time, or when the job is cancelled, fails as such", async () => {
  const server = createServer(() => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const http = new HttpClient({
    device: "leaf1",
    protocol: "http",
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    trust: { policy: "Insecure" },
  });
  closers.push(() => http.close());
  await expect(http.request(ask({ timeoutMs: 50 }))).rejects.toMatchObject({ code: "OperationTimeout" });
  const cancel = new AbortController();
  const waiting = http.request(ask({ signal: cancel.signal }));
  await once(server, "request");
  cancel.abort("cancelled");
  await expect(waiting).rejects.toMatchObject({
    code: "OperationAborted",
    message: expect.stringContaining("cancelled"),
  });
});

test("nobody at the port: the message has the address", async () => {
  const device = await start();
  const { port } = device;
  await device.close();
  closers.pop();
  const request = client({ port }, { policy: "Insecure" }).request(ask());
  await expect(request).rejects.toMatchObject({
    code: "ConnectFailed",
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
});

test("a reply beyond the limit is refused, unless it is passed on as it arrives", async () => {
  const device = await simulateEapi({
    tls: good,
    fault: (_request, response) => {
      response.end("x".repeat(300_000));
      return true;
    },
  });
  closers.push(() => device.close());
  const http = client(device, { policy: "Insecure" }, { replyBytes: 100_000 });
  await expect(http.request(ask())).rejects.toMatchObject({ code: "ReplyTooLarge" });
  let size = 0;
  await http.request(ask({ onText: (text) => (size += text.length) }));
  expect(size).toBe(300_000);
});

test.each([
  ["before it answers", 0],
  ["within its reply", 10],
])(
  "a device that breaks off %s has closed the session, and the next request opens a new connection",
  async (_when, sent) => {
    let broken = false;
    const device = await simulateEapi({
      tls: good,
      fault: (_request, response) => {
        if (broken) return undefined;
        broken = true;
        if (sent > 0) {
          response.writeHead(200, { "Content-Length": "100" });
          response.write("x".repeat(sent));
        }
        setImmediate(() => response.destroy());
        return true;
      },
    });
    closers.push(() => device.close());
    const http = client(device, { policy: "Insecure" });
    await expect(http.request(ask())).rejects.toMatchObject({ code: "SessionClosed", retry: "newSession" });
    expect(await http.request(ask())).toMatchObject({ status: 401 });
    expect(device.received).toHaveLength(2);
  },
);
