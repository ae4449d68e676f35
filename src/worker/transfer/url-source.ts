import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Dispatcher, getGlobalDispatcher, request } from "undici";
import { NetPulseError, transferErrors } from "../../plugin/index.ts";
import { type OpenContent, openFile } from "./file-content.ts";
import type { SpoolFolder } from "./spool-folder.ts";

export interface UrlSettings {
  /** Beginnings of the addresses that may be fetched. */
  readonly allowed: readonly string[];
  readonly limitBytes: number;
  /** Where what is fetched stands while it is in use. */
  readonly spool: Pick<SpoolFolder, "path">;
  /** For tests. */
  readonly dispatcher?: Dispatcher;
}

const MOST_REDIRECTS = 5;
const HEADERS_MS = 30_000;
const SILENCE_MS = 60_000;

/** Fetches what jobs put on devices from addresses of the allow-list, once for all devices that need it at the same time. */
export class UrlSource {
  readonly #settings: UrlSettings;
  readonly #fetched = new Map<string, { users: number; readonly file: Promise<string> }>();

  constructor(settings: UrlSettings) {
    this.#settings = settings;
  }

  /** @throws SourceNotAllowed, SourceUnavailable, SourceTooLarge */
  async open(address: string, signal: AbortSignal): Promise<OpenContent> {
    const url = this.#allowed(address, address);
    const entry = this.#fetched.get(url.href) ?? { users: 0, file: this.#fetch(url, signal) };
    this.#fetched.set(url.href, entry);
    entry.users += 1;
    const leave = async () => {
      entry.users -= 1;
      if (entry.users > 0) return;
      if (this.#fetched.get(url.href) === entry) this.#fetched.delete(url.href);
      await rm(await entry.file, { force: true });
    };
    try {
      const content = await openFile(await entry.file);
      return {
        size: content.size,
        read: (into, offset) => content.read(into, offset),
        digest: (algorithm) => content.digest(algorithm),
        close: async () => {
          await content.close();
          await leave();
        },
      };
    } catch (error) {
      entry.users -= 1;
      this.#fetched.delete(url.href);
      throw error;
    }
  }

  async #fetch(url: URL, signal: AbortSignal): Promise<string> {
    const path = join(this.#settings.spool.path, randomUUID());
    try {
      await this.#download(url, path, signal);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof NetPulseError) throw error;
      const why = error instanceof Error ? reasonOf(error) : String(error);
      throw transferErrors.SourceUnavailable({ source: url.href, why }, { cause: error });
    }
  }

  async #download(first: URL, path: string, signal: AbortSignal): Promise<void> {
    const { limitBytes, dispatcher = getGlobalDispatcher() } = this.#settings;
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher,
        signal,
        headersTimeout: HEADERS_MS,
        bodyTimeout: SILENCE_MS,
        headers: { "user-agent": "netpulse", "accept-encoding": "identity" },
      });
      // A body that is left in the middle says so to nobody but its listeners.
      body.on("error", () => {});
      const { location } = headers;
      if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
        await body.dump();
        if (redirects >= MOST_REDIRECTS) throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
        url = this.#allowed(new URL(location, url).href, `${first.href}, redirected to ${location},`);
        continue;
      }
      if (statusCode !== 200) {
        await body.dump();
        throw new Error(`the server answered ${statusCode}`);
      }
      const tooLarge = transferErrors.SourceTooLarge({ source: first.href, limitBytes });
      if (Number(headers["content-length"] ?? 0) > limitBytes) {
        body.destroy();
        throw tooLarge;
      }
      const file = await open(path, "wx", 0o600);
      try {
        let size = 0;
        for await (const chunk of body as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > limitBytes) throw tooLarge;
          await file.write(chunk);
        }
      } finally {
        await file.close();
      }
      return;
    }
  }

  /** An address is compared as it will be asked for: with `..` taken out, and without a user or a part that hides a slash. */
  #allowed(address: string, source: string): URL {
    const refuse = (why: string) => transferErrors.SourceNotAllowed({ source, why });
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !["https:", "http:"].includes(url.protocol))
      throw refuse("it is no address of http or https");
    if (url.username !== "" || url.password !== "") throw refuse("a user or password may not stand in it");
    if (/%(?:2f|5c|2e|00)/i.test(url.pathname)) throw refuse("its path has an encoded slash, dot or zero");
    url.hash = "";
    if (this.#settings.allowed.some((beginning) => isBelow(url, beginning))) return url;
    throw refuse("it is not below one of worker.transfer.urls in config.yaml");
  }
}

function isBelow(url: URL, beginning: string): boolean {
  const base = new URL(beginning);
  const folder = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  return url.origin === base.origin && (url.pathname === base.pathname || url.pathname.startsWith(folder));
}

function reasonOf(error: Error & { code?: unknown }): string {
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return [error.message, cause].filter((text) => text !== "").join(": ") || String(error.code);
}
