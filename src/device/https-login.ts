import { deviceErrors } from "../errors/device.ts";
import type { HttpClient, HttpReply, HttpRequest } from "./https.ts";

/** How a device wants to know who asks: not at all, with every request, or once for a cookie. */
export type HttpAuthentication =
  | { readonly kind: "none" }
  | {
      readonly kind: "basic";
      readonly username: string;
      readonly password: string;
      /** The device answers with a cookie that stands for the password from then on. */
      readonly keepsCookie?: boolean;
    }
  | {
      readonly kind: "session";
      readonly username: string;
      readonly password: string;
      /** Where the user name and the password are sent, as JSON. */
      readonly path: string;
    };

/**
 * Requests to one device as a user. With session cookies it logs in before the first request and again when the device has forgotten
 * the session; a request that was refused for that reason had no effect and is sent again, once.
 */
export class HttpLogin {
  readonly #http: HttpClient;
  readonly #device: string;
  readonly #authentication: HttpAuthentication;
  #cookie: Promise<string> | undefined;

  constructor(http: HttpClient, device: string, authentication: HttpAuthentication) {
    this.#http = http;
    this.#device = device;
    this.#authentication = authentication;
  }

  /** Sends a request as the user. Throws `AuthFailed` where the device refuses, and what `HttpClient.request` throws. */
  async request(request: HttpRequest, beforeWrite: () => void): Promise<HttpReply> {
    const hadSession = this.#cookie !== undefined;
    const reply = await this.#send(request, beforeWrite);
    if (reply.status !== UNAUTHORISED) return this.#remembered(reply);
    this.#cookie = undefined;
    if (!hadSession) throw this.#refused(reply);
    const again = await this.#send(request, beforeWrite);
    if (again.status === UNAUTHORISED) throw this.#refused(again);
    return this.#remembered(again);
  }

  /** Keeps the cookie that comes with a reply, where it is of use. */
  #remembered(reply: HttpReply): HttpReply {
    const authentication = this.#authentication;
    if (authentication.kind === "basic" && authentication.keepsCookie && reply.cookies.length > 0)
      this.#cookie = Promise.resolve(cookieOf(reply));
    return reply;
  }

  async #send(request: HttpRequest, beforeWrite: () => void): Promise<HttpReply> {
    const credentials = await this.#headers(request, beforeWrite);
    beforeWrite();
    return this.#http.request({ ...request, headers: { ...request.headers, ...credentials } });
  }

  async #headers(request: HttpRequest, beforeWrite: () => void): Promise<Record<string, string>> {
    const authentication = this.#authentication;
    if (authentication.kind === "none") return {};
    if (authentication.kind === "basic") {
      if (this.#cookie) return { Cookie: await this.#cookie };
      const { username, password } = authentication;
      return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
    }
    const { username, password, path } = authentication;
    this.#cookie ??= this.#logIn(request, path, { username, password }, beforeWrite);
    try {
      return { Cookie: await this.#cookie };
    } catch (error) {
      this.#cookie = undefined;
      throw error;
    }
  }

  async #logIn(
    request: HttpRequest,
    path: string,
    who: { readonly username: string; readonly password: string },
    beforeWrite: () => void,
  ): Promise<string> {
    beforeWrite();
    const { signal, timeoutMs } = request;
    const reply = await this.#http.request({
      method: "POST",
      path,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(who),
      purpose: "login",
      signal,
      timeoutMs,
    });
    if (reply.status !== 200) throw this.#refused(reply);
    const cookie = cookieOf(reply);
    if (cookie === "")
      throw deviceErrors.ReplyInvalid({ device: this.#device, why: "the login brought no session cookie" });
    return cookie;
  }

  #refused(reply: HttpReply): Error {
    const device = this.#device;
    const authentication = this.#authentication;
    if (reply.status !== UNAUTHORISED && reply.status !== FORBIDDEN)
      return deviceErrors.ReplyInvalid({ device, why: `the login was answered with status ${reply.status}` });
    const username = authentication.kind === "none" ? "nobody" : authentication.username;
    return deviceErrors.AuthFailed({ device, username, methods: authentication.kind });
  }
}

/** What to send back of a reply's cookies. */
function cookieOf({ cookies }: HttpReply): string {
  return cookies
    .map((cookie) => cookie.split(";")[0]?.trim())
    .filter(Boolean)
    .join("; ");
}

const UNAUTHORISED = 401;
const FORBIDDEN = 403;
