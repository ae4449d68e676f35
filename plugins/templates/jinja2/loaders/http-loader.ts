import type { Loader } from "../environment.ts";

/** Fetches a text; the answer is followed nowhere else. */
export type FetchText = (url: string) => Promise<string>;

/** Thrown out of a rendering that needs a template which is not here yet. */
class TemplateToFetch extends Error {
  readonly url: string;

  constructor(url: string) {
    super(`${url} is to be fetched`);
    this.name = "TemplateToFetch";
    this.url = url;
  }
}

// A template that names a template that names a template ... ends somewhere.
const MAX_FETCHES = 50;
const MAX_LENGTH = 1_000_000;

/**
 * Templates at http(s) addresses that begin with one of the allowed ones. Rendering is synchronous, so a template that is not here yet interrupts
 * it; {@link HttpLoader.rendering} fetches and begins again.
 */
export class HttpLoader implements Loader {
  readonly #allowed: readonly URL[];
  readonly #fetch: FetchText;
  readonly #texts: Map<string, string> = new Map();

  /** `allowed`: addresses with their path, such as `https://git.example.net/templates/`. */
  constructor(allowed: readonly string[], fetch: FetchText) {
    this.#allowed = allowed.map((a) => new URL(a));
    this.#fetch = fetch;
  }

  load(name: string): string | undefined {
    const url = this.#allowedUrl(name);
    if (url === undefined) return undefined;
    const text = this.#texts.get(url);
    if (text === undefined) throw new TemplateToFetch(url);
    return text;
  }

  /** Runs `render`, fetching what it turns out to need. */
  async rendering<T>(render: () => T): Promise<T> {
    for (let fetches = 0; ; fetches++) {
      try {
        return render();
      } catch (error) {
        if (!(error instanceof TemplateToFetch)) throw error;
        if (fetches >= MAX_FETCHES) throw new Error(`more than ${MAX_FETCHES} templates were to be fetched`);
        const text = await this.#fetch(error.url);
        if (text.length > MAX_LENGTH) throw new Error(`${error.url} is longer than ${MAX_LENGTH} characters`);
        this.#texts.set(error.url, text);
      }
    }
  }

  /** The address in its normal form, so that no `..` or `%2e` leads out of what is allowed. */
  #allowedUrl(name: string): string | undefined {
    if (!/^https?:\/\//.test(name) || !URL.canParse(name)) return undefined;
    const url = new URL(name);
    if (url.username !== "" || url.password !== "" || /%2f|%5c/i.test(url.pathname)) return undefined;
    const fits = this.#allowed.some((a) => a.origin === url.origin && within(url.pathname, a.pathname));
    return fits ? url.href : undefined;
  }
}

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** Fetches with the platform's `fetch`: no redirects, ten seconds. */
export const fetchText: FetchText = async (url) => {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  return response.text();
};
