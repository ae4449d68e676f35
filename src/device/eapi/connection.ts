import { deviceErrors } from "../../plugin/index.ts";
import {
  type CertificateTrust,
  HttpClient,
  HttpLogin,
  type HttpTarget,
  JsonRpcClient,
  JsonRpcError,
} from "../index.ts";
import { CommandError } from "./command-error.ts";
import type { EapiCommand, RunCmds } from "./node.ts";
import { type TransportName, transportOf } from "./transports.ts";

/** Where a device's eAPI is and who asks. */
export interface EapiTarget {
  /** The device's name, for messages. */
  readonly device: string;
  readonly transport: TransportName;
  readonly host: string;
  /** Absent: the transport's usual port. */
  readonly port?: number | undefined;
  /** Absent: the transport's usual path, or with `socket` the usual socket. */
  readonly path?: string | undefined;
  readonly username: string;
  readonly password: string;
  readonly trust: CertificateTrust;
  readonly serverName?: string | undefined;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined;
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  readonly through?: HttpTarget["through"];
}

/** What accompanies one request. */
export interface EapiRequest {
  readonly signal: AbortSignal;
  readonly beforeWrite: () => void;
  readonly timeoutMs: number;
  /** Receives the text output of the commands as it arrives; the results hold none of it then. */
  readonly onOutput?: ((text: string, index: number) => void) | undefined;
}

/**
 * eAPI's `runCmds` over HTTP to one device.
 *
 * @example
 * const connection = new EapiConnection(target);
 * await connection.execute({ version: 1, cmds: ["enable", "show clock"], format: "text" }, false, request); // [{ output: "" }, { output: "…" }]
 */
export class EapiConnection {
  readonly #device: string;
  readonly #http: HttpClient;
  readonly #rpc: JsonRpcClient;
  #requests = 0;

  constructor(target: EapiTarget) {
    const transport = transportOf(target.transport);
    const { device, connections, connectTimeoutMs, clientCertificate, serverName } = target;
    const path = target.path ?? transport.path;
    this.#device = device;
    this.#http = new HttpClient({
      device,
      protocol: transport.protocol,
      host: transport.local ? "localhost" : target.host,
      port: target.port ?? transport.port,
      ...(transport.local === "socket" && { socketPath: path }),
      trust: target.trust,
      ...(serverName !== undefined && { serverName }),
      ...(clientCertificate && { clientCertificate }),
      ...(!transport.local && { through: target.through }),
      limits: {
        ...(connections !== undefined && { connections }),
        ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      },
    });
    const { username, password } = target;
    const kind = transport.authentication;
    const login = new HttpLogin(
      this.#http,
      device,
      kind === "none" ? { kind } : { kind, username, password, path: "/login" },
    );
    const rpcPath = transport.local === "socket" ? transportOf("https").path : path;
    this.#rpc = new JsonRpcClient(login, { device, path: rpcPath });
  }

  /** One result per command. Throws `CommandError` for the device's own refusal, and what `JsonRpcClient.call` throws. */
  async execute(params: RunCmds, streaming: boolean, request: EapiRequest): Promise<readonly unknown[]> {
    const { onOutput, ...rest } = request;
    try {
      const result = await this.#rpc.call({
        method: "runCmds",
        params,
        id: String(++this.#requests),
        more: { streaming },
        purpose: purposeOf(params.cmds),
        ...rest,
        ...(onOutput && { onOutput }),
      });
      if (Array.isArray(result)) return result;
    } catch (error) {
      if (!(error instanceof JsonRpcError)) throw error;
      throw this.#refusal(error, params.cmds);
    }
    throw deviceErrors.ReplyInvalid({ device: this.#device, why: "the result is not a list" });
  }

  #refusal({ code, message, data }: JsonRpcError, commands: readonly EapiCommand[]): CommandError {
    const inputs = commands.flatMap((one) => (typeof one === "string" ? [] : [one.input?.trim() ?? ""]));
    return new CommandError({
      code,
      message: withoutTexts(explained(message), inputs),
      data: Array.isArray(data) ? data.map((entry) => withoutTexts(entry, inputs)) : undefined,
      commands: commands.map(withoutInput),
    });
  }

  async close(): Promise<void> {
    await this.#http.close();
  }
}

/** The first command that says what a request is about. */
function purposeOf(commands: readonly EapiCommand[]): string {
  const words = commands.map((command) => (typeof command === "string" ? command : command.cmd));
  return words.find((word) => word !== "enable") ?? "enable";
}

/** What a command was given as input may be a secret, and errors are logged. */
function withoutInput(command: EapiCommand): EapiCommand {
  if (typeof command === "string" || command.input === undefined) return command;
  return { ...command, input: "<removed>" };
}

/** Devices repeat in their errors what they were given. */
function withoutTexts<T>(value: T, texts: readonly string[]): T {
  const secret = texts.filter((text) => text !== "");
  if (secret.length === 0) return value;
  const hide = (text: string) => secret.reduce((rest, one) => rest.replaceAll(one, "<removed>"), text);
  if (typeof value === "string") return hide(value) as T;
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
    typeof item === "string" ? hide(item) : item,
  );
}

/** A parameter that an older EOS does not know is named a second time, in words. */
function explained(message: string): string {
  const parameter = /unexpected keyword argument '(.*)'/.exec(message)?.[1];
  return parameter === undefined
    ? message
    : `${message}. ${parameter} parameter is not supported in this version of EOS.`;
}
