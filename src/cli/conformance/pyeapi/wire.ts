import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "../../../device/eapi/command-error.ts";
import { EapiConnection } from "../../../device/eapi/connection.ts";
import { EapiNode } from "../../../device/eapi/node.ts";
import type { TransportName } from "../../../device/eapi/transports.ts";
import { NetPulseError } from "../../../errors/define.ts";
import { readJson } from "../records.ts";
import { type ConformanceCase, compareUnordered } from "../suite.ts";

const FILE = "wire_http.json";

const record = z.looseObject({
  name: z.string(),
  requests: z.array(z.strictObject({ request_line_and_headers: z.array(z.string()), body: z.string() })),
  returned: z.unknown().optional(),
  raised: z.string().optional(),
  message: z.string().optional(),
});
type Recorded = z.output<typeof record>;

/** What counts of a request on the wire: the order of headers and the number of the request do not. */
interface WireRequest {
  readonly line: string;
  readonly authorization: string | null;
  readonly cookie: string | null;
  readonly type: string | null;
  readonly body: unknown;
}

/** Bytes on the wire: method, path, authentication, cookie, content type and body. */
export function* wireCases(folder: string): Generator<ConformanceCase> {
  for (const one of readJson(folder, FILE, z.array(record)) ?? []) {
    yield { id: one.name, file: FILE, run: async () => compareUnordered(expectedOf(one), await play(one)) };
  }
}

function expectedOf(one: Recorded): unknown {
  const requests = one.requests.map(({ request_line_and_headers: [line = "", ...lines], body }) => {
    const header = (name: string) =>
      lines
        .find((text) => text.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? null;
    return wireRequest(line, header, body);
  });
  // Only the device's own refusal has a message that is the same in both.
  const failed = one.raised === "CommandError" ? { raised: one.message } : { raised: true };
  return { ...(one.raised === undefined ? { returned: one.returned } : failed), requests };
}

async function play(one: Recorded): Promise<unknown> {
  const requests: WireRequest[] = [];
  const server = createServer((message, response) => {
    void received(message).then((body) => {
      const header = (name: string) => message.headers[name]?.toString() ?? null;
      requests.push(wireRequest(`${message.method} ${message.url} HTTP/1.1`, header, body));
      answer(one, message, response);
    });
  });
  const folder = await mkdtemp(join(tmpdir(), "eapi-"));
  const path = join(folder, "api.sock");
  const socket = one.name === "unix socket";
  if (socket) server.listen(path);
  else server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = new EapiConnection({
    device: "recorded",
    transport: transportOf(one.name),
    host: "127.0.0.1",
    ...(!socket && { port: (server.address() as AddressInfo).port }),
    ...(socket && { path }),
    username: "admin",
    password: "pw",
    trust: { policy: "Insecure" },
  });
  try {
    return { ...(await outcomeOf(connection)), requests };
  } finally {
    await connection.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}

async function outcomeOf(connection: EapiConnection): Promise<Record<string, unknown>> {
  const request = { signal: new AbortController().signal, beforeWrite: () => {}, timeoutMs: 5000 };
  const node = new EapiNode((params, streaming) => connection.execute(params, streaming, request), {});
  try {
    return { returned: await node.runCommands("show version") };
  } catch (error) {
    if (error instanceof CommandError) return { raised: error.message };
    if (error instanceof NetPulseError) return { raised: true };
    throw error;
  }
}

function answer(one: Recorded, { url }: IncomingMessage, response: ServerResponse): void {
  if (one.name.includes("401"))
    response.writeHead(401).end("Unable to authenticate user: Bad username/password combination");
  else if (one.name.includes("refused")) response.writeHead(401).end("no");
  else if (url === "/login") response.writeHead(200, { "Set-Cookie": "Session=abc123; Path=/" }).end();
  else if (one.name.includes("non-json")) response.end("<html>");
  else if (one.raised === "CommandError")
    response.end(
      JSON.stringify({
        error: {
          code: 1002,
          message: "CLI command 2 of 2 'show x' failed: invalid command",
          data: [{}, { errors: ["Invalid input (at token 1: 'x')"] }],
        },
      }),
    );
  else response.end(JSON.stringify({ result: [{}, { version: "4.28.1F" }] }));
}

function transportOf(name: string): TransportName {
  if (name === "unix socket") return "socket";
  if (name.startsWith("http_local")) return "http_local";
  return name.includes("session") ? "http_session" : "http";
}

function wireRequest(line: string, header: (name: string) => string | null, body: string): WireRequest {
  const parsed: Record<string, unknown> = JSON.parse(body);
  return {
    line,
    authorization: header("authorization"),
    cookie: header("cookie"),
    type: header("content-type"),
    body: "id" in parsed ? { ...parsed, id: "<id>" } : parsed,
  };
}

async function received(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
