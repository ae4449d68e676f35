/** What an executor may do after a failure: nothing, the same again on the same session, or again on a fresh session. */
export type Retry = "never" | "sameSession" | "newSession";

/** One row of the error catalogue. `P` is the evidence that its message needs. */
export interface ErrorDefinition<P> {
  readonly retry: Retry;
  /** One sentence for `docs/reference/errors.md`: when this happens. */
  readonly when: string;
  /** One sentence for `docs/reference/errors.md`: what to do about it. */
  readonly remedy: string;
  /** What happened, with the evidence, and what to try. Never a secret. */
  readonly message: (evidence: P) => string;
}

/**
 * Every failure that a user can meet. `code` is stable: it is the condition reason, the metric label and the anchor in
 * `docs/reference/errors.md`.
 */
export class NetPulseError extends Error {
  readonly code: string;
  readonly retry: Retry;

  constructor(code: string, message: string, retry: Retry, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.retry = retry;
  }
}

type Catalogue = Record<string, ErrorDefinition<never>>;

/** For each row a function that makes the error: `errors.AuthFailed({ device: "r1", … })`, `errors.Cancelled()`. */
export type ErrorFactories<C extends Catalogue> = {
  readonly [K in keyof C]: Parameters<C[K]["message"]> extends [infer Evidence]
    ? (evidence: Evidence, options?: ErrorOptions) => NetPulseError
    : () => NetPulseError;
};

/** Turns a table of definitions into error factories; a row's key is its code. */
export function defineErrors<C extends Catalogue>(
  definitions: C,
): ErrorFactories<C> & { readonly definitions: C } {
  const factories: Record<string, unknown> = { definitions };
  for (const [code, definition] of Object.entries(definitions)) {
    factories[code] = (evidence: never, options?: ErrorOptions) =>
      new NetPulseError(code, definition.message(evidence), definition.retry, options);
  }
  return factories as ErrorFactories<C> & { readonly definitions: C };
}

/** A piece of device text in a message: one line, printable, at most 200 characters, in quotes. */
export function quote(text: string): string {
  const tail = text.length > 200 ? `…${text.slice(-199)}` : text;
  return JSON.stringify(tail);
}
