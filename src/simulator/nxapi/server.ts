import { once } from "node:events";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { NxosDevice, type NxosOptions, type NxosShell } from "./nxos.ts";

export interface NxapiOptions extends NxosOptions {
  readonly username?: string;
  readonly password?: string;
  /** Certificate and key, PEM; absent: HTTP without TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Answers in place of the device, to act a broken one; undefined leaves the request to the device. */
  readonly fault?: (request: ReceivedRequest, response: ServerResponse) => true | undefined;
}

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A simulated NX-OS device that answers NX-API on the loopback address. */
export interface SimulatedNxapi {
  readonly host: string;
  readonly port: number;
  readonly nxos: NxosDevice;
  readonly received: readonly ReceivedRequest[];
  /** The commands of all requests in order. */
  commands(): string[];
  /** Forgets who is logged in: cookies are refused from now on. */
  forgetSessions(): void;
  close(): Promise<void>;
}

/**
 * Starts a simulated device.
 *
 * @example
 * const tls = CertificateAuthority.create("lab").issue({ commonName: "n9k1", hosts: ["127.0.0.1"] });
 * const device = await simulateNxapi({ tls, replies: { "show vlan brief": { TABLE_vlanbriefxbrief: {} } } });
 */
export async function simulateNxapi(options: NxapiOptions): Promise<SimulatedNxapi> {
  const nxos = new NxosDevice(options);
  const received: ReceivedRequest[] = [];
  const cookies = new Set<string>();

  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece);
    const body = Buffer.concat(pieces).toString();
    const request: ReceivedRequest = { path: message.url ?? "", headers: message.headers, body };
    received.push(request);
    if (options.fault?.(request, response)) return;
    if (request.path !== "/ins") response.writeHead(404).end("no such page");
    else if (!isAllowed(request, options, cookies)) response.writeHead(401).end("401 Authorization Required");
    else {
      const cookie = `nxapi_auth=${cookies.size + 1}-simulated`;
      if (request.headers.cookie === undefined) cookies.add(cookie);
      const results = runAll(nxos.request(), JSON.parse(body));
      response
        .writeHead(200, {
          "Content-Type": "application/json-rpc",
          ...(request.headers.cookie === undefined && { "Set-Cookie": `${cookie}; Secure; HttpOnly;` }),
        })
        // A single answer is no list.
        .end(JSON.stringify(results.length === 1 ? results[0] : results));
    }
  };

  const { tls } = options;
  const handler = (message: IncomingMessage, response: ServerResponse) => void answer(message, response);
  const server = tls ? createHttps({ cert: tls.certificate, key: tls.key }, handler) : createHttp(handler);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    nxos,
    received,
    commands: () => received.flatMap(({ body }) => callsOf(body).map(({ params }) => params.cmd)),
    forgetSessions: () => cookies.clear(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function isAllowed(
  { headers }: ReceivedRequest,
  { username = "admin", password = "admin" }: NxapiOptions,
  cookies: ReadonlySet<string>,
): boolean {
  if (headers.cookie !== undefined) return cookies.has(headers.cookie);
  return headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly cmd: string };
}

function callsOf(body: string): Call[] {
  return JSON.parse(body);
}

/** Each call in turn up to the first that fails. */
function runAll(shell: NxosShell, calls: readonly Call[]): unknown[] {
  const replies: unknown[] = [];
  for (const { id, method, params } of calls) {
    const answer = shell.run(params.cmd);
    if ("error" in answer) {
      const error = { code: -32602, message: "Invalid params", data: { msg: `${answer.error}\n` } };
      return [...replies, { jsonrpc: "2.0", error, id }];
    }
    const { text, body } = answer;
    const result = method === "cli_ascii" ? text !== "" && { msg: text } : body !== undefined && { body };
    replies.push({ jsonrpc: "2.0", result: result || null, id });
  }
  return replies;
}
