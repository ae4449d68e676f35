import { deviceErrors } from "../../plugin/index.ts";
import { HttpClient, type HttpTarget } from "../https.ts";
import { HttpLogin } from "../https-login.ts";
import type { CertificateTrust } from "../https-trust.ts";
import { OutputReader } from "../json-rpc-output.ts";
import type { XmlElement } from "../xml/element.ts";
import {
  jsonRpcRequest,
  jsonRpcResults,
  type NxapiFormat,
  type NxapiOnError,
  textPlace,
} from "./json-rpc-form.ts";
import { ReplyUnreadable } from "./reply-unreadable.ts";
import { xmlRequest, xmlResults } from "./xml-form.ts";

/** Where a device's NX-API is and who asks. */
export interface NxapiTarget {
  /** The device's name, for messages. */
  readonly device: string;
  readonly protocol: "https" | "http";
  readonly host: string;
  /** Absent: the protocol's usual port. */
  readonly port?: number | undefined;
  readonly username: string;
  readonly password: string;
  readonly trust: CertificateTrust;
  readonly serverName?: string | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly through?: HttpTarget["through"];
  readonly connections?: number | undefined;
}

/** What accompanies one request. */
export interface NxapiRequest {
  readonly signal: AbortSignal;
  readonly beforeWrite: () => void;
  /** Longest wait for the reply to begin, and longest silence within it. */
  readonly timeoutMs: number;
  /** Receives the text of the commands as it arrives; the results are null then. */
  readonly onText?: ((text: string, index: number) => void) | undefined;
  readonly onError?: NxapiOnError | undefined;
}

const PATH = "/ins";

/**
 * NX-API over HTTP to one device. The password is sent once; then the device knows its own cookie.
 *
 * @example
 * const connection = new NxapiConnection(target);
 * const [version] = await connection.execute(["show version"], "json", request); // { chassis_id: "…", … }
 */
export class NxapiConnection {
  readonly #device: string;
  readonly #http: HttpClient;
  readonly #login: HttpLogin;

  constructor(target: NxapiTarget) {
    const { device, protocol, host, username, password, trust, serverName } = target;
    const { connections, connectTimeoutMs } = target;
    this.#device = device;
    this.#http = new HttpClient({
      device,
      protocol,
      host,
      port: target.port ?? (protocol === "https" ? 443 : 80),
      trust,
      ...(serverName !== undefined && { serverName }),
      through: target.through,
      limits: {
        ...(connections !== undefined && { connections }),
        ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      },
    });
    this.#login = new HttpLogin(this.#http, device, {
      kind: "basic",
      username,
      password,
      keepsCookie: true,
    });
  }

  /**
   * The result of each command. Throws `NxapiCommandError` for the device's own refusal (what stands before it was done), `AuthFailed`,
   * `ReplyInvalid`, and what `HttpClient.request` throws.
   */
  async execute(commands: readonly string[], format: NxapiFormat, request: NxapiRequest): Promise<unknown[]> {
    const { onText } = request;
    const reader = onText && format === "text" ? new OutputReader(onText, textPlace) : undefined;
    const body = jsonRpcRequest(commands, format, request.onError);
    const reply = await this.#post(commands, "application/json-rpc", body, request, reader);
    return this.#read(reply.status, () =>
      jsonRpcResults(reader ? reader.rest() : reply.text, commands, format),
    );
  }

  /** The same in the XML form, for a release without JSON-RPC: the `output` element of each command. */
  async executeXml(
    commands: readonly string[],
    format: NxapiFormat,
    request: NxapiRequest,
  ): Promise<XmlElement[]> {
    const reply = await this.#post(commands, "application/xml", xmlRequest(commands, format), request);
    if (reply.status !== 200) throw this.#invalid(`status ${reply.status}`);
    return this.#read(reply.status, () => xmlResults(reply.text, commands));
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #post(
    commands: readonly string[],
    contentType: string,
    body: string,
    { signal, timeoutMs, beforeWrite }: NxapiRequest,
    reader?: OutputReader,
  ) {
    return this.#login.request(
      {
        method: "POST",
        path: PATH,
        headers: { "Content-Type": contentType },
        body,
        purpose: commands[0] ?? "",
        timeoutMs,
        signal,
        ...(reader && { onText: (text: string) => reader.push(text) }),
      },
      beforeWrite,
    );
  }

  #read<T>(status: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ReplyUnreadable)) throw error;
      throw this.#invalid(`status ${status}, and ${error.message}`, error);
    }
  }

  #invalid(why: string, cause?: unknown): Error {
    return deviceErrors.ReplyInvalid({ device: this.#device, why }, { cause });
  }
}
