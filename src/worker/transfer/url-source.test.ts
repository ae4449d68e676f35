import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UrlSource } from "./url-source.ts";

const signal = new AbortController().signal;

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function source(...allowed: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-url-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, urls: new UrlSource({ allowed, limitBytes: 1000, spool: { path: folder } }) };
}

test("an address of the list is fetched once for all that need it at the same time, and nothing is left afterwards", async () => {
  let asked = 0;
  const base = await serve((_, response) => {
    asked += 1;
    response.end("content");
  });
  const { urls, folder } = source(`${base}/pub`);
  const opened = await Promise.all([1, 2, 3].map(() => urls.open(`${base}/pub/x`, signal)));
  const buffer = Buffer.alloc(10);
  for (const content of opened) {
    expect(buffer.toString("utf8", 0, await content.read(buffer, 0))).toBe("content");
    await content.close();
  }
  expect(asked).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["another path", "/private/x"],
  ["a path that begins alike", "/public/x"],
  ["a way up", "/pub/../private/x"],
  ["an encoded way up", "/pub/%2e%2e/private/x"],
  ["an encoded slash", "/pub/..%2fprivate/x"],
])("what is not below the list is not asked for: %s", async (_, path) => {
  let asked = 0;
  const base = await serve((__, response) => {
    asked += 1;
    response.end();
  });
  const { urls } = source(`${base}/pub/`);
  await expect(urls.open(base + path, signal)).rejects.toMatchObject({ code: "SourceNotAllowed" });
  expect(asked).toBe(0);
});

test("another host, port, scheme, or a user in the address is not allowed", async () => {
  const { urls } = source("https://files.example/pub/");
  for (const address of [
    "http://files.example/pub/x",
    "https://files.example:8443/pub/x",
    "https://files.example.evil/pub/x",
    "https://files.example@evil/pub/x",
    "https://me:secret@files.example/pub/x",
    "file:///etc/passwd",
    "not an address",
  ])
    await expect(urls.open(address, signal), address).rejects.toMatchObject({ code: "SourceNotAllowed" });
});

test("redirects are followed within the list only", async () => {
  const base = await serve((request, response) => {
    const to: Record<string, string> = {
      "/pub/a": "/pub/b",
      "/pub/out": "/private/x",
      "/pub/loop": "/pub/loop",
    };
    const location = to[request.url ?? ""];
    if (location === undefined) response.end("content");
    else response.writeHead(302, { location }).end();
  });
  const { urls, folder } = source(`${base}/pub/`);
  const content = await urls.open(`${base}/pub/a`, signal);
  expect(content.size).toBe(7);
  await content.close();
  await expect(urls.open(`${base}/pub/out`, signal)).rejects.toMatchObject({ code: "SourceNotAllowed" });
  await expect(urls.open(`${base}/pub/loop`, signal)).rejects.toMatchObject({
    code: "SourceUnavailable",
    message: expect.stringContaining("redirects"),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("a file that is too large ends at the limit, whether its size is told or not", async () => {
  const base = await serve((request, response) => {
    if (request.url === "/told") response.writeHead(200, { "content-length": "5000" });
    response.end(Buffer.alloc(5000));
  });
  const { urls, folder } = source(base);
  for (const path of ["/told", "/untold"])
    await expect(urls.open(base + path, signal)).rejects.toMatchObject({ code: "SourceTooLarge" });
  expect(readdirSync(folder)).toEqual([]);
});

test("what the server answers, and that it does not answer, is told; another attempt asks again", async () => {
  let fails = true;
  const base = await serve((_, response) => {
    if (fails) response.writeHead(503).end();
    else response.end("content");
  });
  const { urls } = source(base, "http://127.0.0.1:9/");
  await expect(urls.open(`${base}/x`, signal)).rejects.toMatchObject({
    code: "SourceUnavailable",
    message: expect.stringContaining("503"),
  });
  fails = false;
  await (await urls.open(`${base}/x`, signal)).close();
  await expect(urls.open("http://127.0.0.1:9/x", signal)).rejects.toMatchObject({
    code: "SourceUnavailable",
  });
});
