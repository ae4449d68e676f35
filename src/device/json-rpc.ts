import { deviceErrors } from "../errors/device.ts";
import type { HttpLogin } from "./https-login.ts";
import { OutputReader } from "./json-rpc-output.ts";

/** A device's own answer that a call failed. `data` is what it says besides, in a form of its own. */
export class JsonRpcError extends Error {
  override readonly name = "JsonRpcError";
  readonly code: number;
  readonly data: unknown;

  constructor(error: { readonly code: number; readonly message: string; readonly data?: unknown }) {
    super(error.message);
    this.code = error.code;
    this.data = error.data;
  }
}

/** One call. Unlike its parameters, what stands besides them in the request differs between devices. */
export interface JsonRpcCall {
  readonly method: string;
  readonly params: unknown;
  readonly id: string | number;
  /** More members of the request object. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly purpose: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly beforeWrite: () => void;
  /** Receives the texts at `result[n].output` as they arrive; they are empty in the result then. */
  readonly onOutput?: (text: string, index: number) => void;
}

/** JSON-RPC 2.0 over HTTP to one path of a device. */
export class JsonRpcClient {
  readonly #login: HttpLogin;
  readonly #device: string;
  readonly #path: string;
  readonly #contentType: string;

  constructor(login: HttpLogin, options: { device: string; path: string; contentType?: string }) {
    this.#login = login;
    this.#device = options.device;
    this.#path = options.path;
    this.#contentType = options.contentType ?? "application/json-rpc";
  }

  /** The call's result. Throws `JsonRpcError` for the device's own refusal, `ReplyInvalid`, and what `HttpLogin.request` throws. */
  async call(call: JsonRpcCall): Promise<unknown> {
    const { method, params, id, more, purpose, timeoutMs, signal, beforeWrite, onOutput } = call;
    const reader = onOutput && new OutputReader(onOutput);
    const reply = await this.#login.request(
      {
        method: "POST",
        path: this.#path,
        headers: { "Content-Type": this.#contentType },
        body: JSON.stringify({ jsonrpc: "2.0", method, params, id, ...more }),
        purpose,
        timeoutMs,
        signal,
        ...(reader && { onText: (text: string) => reader.push(text) }),
      },
      beforeWrite,
    );
    return this.#resultOf(reader ? reader.rest() : reply.text, reply.status);
  }

  #resultOf(text: string, status: number): unknown {
    const reply = parsed(text);
    if (typeof reply !== "object" || reply === null)
      throw this.#invalid(`status ${status}, and the reply is not JSON: ${text.slice(0, 120)}`);
    if ("error" in reply && isError(reply.error)) throw new JsonRpcError(reply.error);
    if ("result" in reply) return reply.result;
    throw this.#invalid(`status ${status}, and the reply has neither a result nor an error`);
  }

  #invalid(why: string): Error {
    return deviceErrors.ReplyInvalid({ device: this.#device, why });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isError(error: unknown): error is { code: number; message: string; data?: unknown } {
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
