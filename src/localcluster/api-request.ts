import { Agent, request } from "undici";
import type { KeyAndCertificate } from "./certificates.ts";

/** An answer of the API server: its HTTP status and the body as text. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Bare calls to the API server by a client certificate, for what comes before a real client can be used. */
export class ApiRequester {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(server: string, ca: string, identity: KeyAndCertificate) {
    this.#server = server;
    this.#agent = new Agent({ connect: { ca, cert: identity.certificate, key: identity.key } });
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<ApiAnswer> {
    const response = await request(`${this.#server}${path}`, {
      method,
      dispatcher: this.#agent,
      headersTimeout: 10_000,
      ...(body === undefined
        ? {}
        : {
            headers: { "content-type": contentType },
            body: typeof body === "string" ? body : JSON.stringify(body),
          }),
    });
    return { status: response.statusCode, body: await response.body.text() };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
