import { once } from "node:events";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { type EosAnswer, EosDevice, type EosOptions } from "./eos.ts";

export interface EapiOptions extends EosOptions {
  readonly username?: string;
  readonly password?: string;
  /** Certificate and key, PEM; absent: HTTP without TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientCa?: string };
  /** Answers in place of the device, to act a broken one; undefined leaves the request to the device. */
  readonly fault?: (request: ReceivedRequest, response: ServerResponse) => true | undefined;
}

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Which connection it came over, counted from 1. */
  readonly connection: number;
}

/** A simulated EOS device that answers eAPI over HTTPS on the loopback address. */
export interface SimulatedEapi {
  readonly host: string;
  readonly port: number;
  readonly eos: EosDevice;
  readonly received: readonly ReceivedRequest[];
  /** The commands of all requests in order, without `enable`. */
  commands(): string[];
  /** Forgets who is logged in: cookies are refused from now on. */
  forgetSessions(): void;
  close(): Promise<void>;
}

/**
 * Starts a simulated device.
 *
 * @example
 * const ca = CertificateAuthority.create("lab");
 * const tls = ca.issue({ commonName: "leaf1", hosts: ["127.0.0.1"] });
 * const device = await simulateEapi({ tls, replies: { "show hostname": { hostname: "leaf1" } } });
 */
export async function simulateEapi(options: EapiOptions): Promise<SimulatedEapi> {
  const { tls } = options;
  const eos = new EosDevice(options);
  const received: ReceivedRequest[] = [];
  const cookies = new Set<string>();
  let connections = 0;
  const numbers = new WeakMap<object, number>();

  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece);
    const request: ReceivedRequest = {
      path: message.url ?? "",
      headers: message.headers,
      body: Buffer.concat(pieces).toString(),
      connection: numbers.get(message.socket) ?? 0,
    };
    received.push(request);
    if (options.fault?.(request, response)) return;
    if (request.path === "/login") logIn(request, response, options, cookies);
    else if (!isAllowed(request, options, cookies)) refuse(response);
    else if (request.path === "/command-api") reply(response, runCommands(eos, JSON.parse(request.body)));
    else response.writeHead(404).end("no such page");
  };

  const handler = (message: IncomingMessage, response: ServerResponse) => void answer(message, response);
  const server = tls
    ? createHttps(
        {
          cert: tls.certificate,
          key: tls.key,
          ...(tls.clientCa !== undefined && {
            ca: tls.clientCa,
            requestCert: true,
            rejectUnauthorized: true,
          }),
        },
        handler,
      )
    : createHttp(handler);
  server.on(tls ? "secureConnection" : "connection", (socket) => numbers.set(socket, ++connections));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: "127.0.0.1",
    port,
    eos,
    received,
    commands: () => received.flatMap(commandsOf).filter((command) => command !== "enable"),
    forgetSessions: () => cookies.clear(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function logIn(
  { body }: ReceivedRequest,
  response: ServerResponse,
  { username = "admin", password = "admin" }: EapiOptions,
  cookies: Set<string>,
): void {
  const given: { username?: unknown; password?: unknown } = JSON.parse(body);
  if (given.username !== username || given.password !== password) {
    refuse(response);
    return;
  }
  const cookie = `Session=${cookies.size + 1}-simulated`;
  cookies.add(cookie);
  response.writeHead(200, { "Set-Cookie": `${cookie}; Path=/; HttpOnly` }).end("Logged in");
}

function isAllowed(
  { headers }: ReceivedRequest,
  { username = "admin", password = "admin", tls }: EapiOptions,
  cookies: ReadonlySet<string>,
): boolean {
  if (tls?.clientCa !== undefined) return true;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return headers.authorization === basic || cookies.has(headers.cookie ?? "");
}

function refuse(response: ServerResponse): void {
  response.writeHead(401).end("Unable to authenticate user: Bad username/password combination");
}

function reply(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

interface RunCmds {
  readonly id: string;
  readonly params: {
    readonly cmds: readonly (string | { readonly cmd: string; readonly input?: string })[];
    readonly format?: string;
  };
}

function runCommands(eos: EosDevice, { id, params }: RunCmds): unknown {
  const { cmds, format = "json" } = params;
  const shell = eos.request();
  const results: unknown[] = [];
  for (const [index, one] of cmds.entries()) {
    const { cmd, input } = typeof one === "string" ? { cmd: one, input: undefined } : one;
    const answer: EosAnswer = shell.run(cmd, input, format);
    if ("error" in answer) {
      const message = `CLI command ${index + 1} of ${cmds.length} '${cmd}' failed: ${REASONS[answer.code] ?? "error"}`;
      const data = [...results, { errors: [answer.error] }];
      return { jsonrpc: "2.0", id, error: { code: answer.code, message, data } };
    }
    results.push(answer.result);
  }
  return { jsonrpc: "2.0", id, result: results };
}

const REASONS: Readonly<Record<number, string>> = {
  1000: "could not run command",
  1002: "invalid command",
  1003: "unconverted command",
  1004: "incompatible command",
  1005: "permission denied",
};

function commandsOf({ path, body }: ReceivedRequest): string[] {
  if (path !== "/command-api") return [];
  const { params }: RunCmds = JSON.parse(body);
  return params.cmds.map((one) => (typeof one === "string" ? one : one.cmd));
}
