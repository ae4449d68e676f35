/** What came is no message of the framing that was agreed on, or one that is too large to take. */
export class FrameError extends Error {
  readonly kind: "malformed" | "too large";

  constructor(what: string, kind: "malformed" | "too large" = "malformed") {
    super(what);
    this.name = "FrameError";
    this.kind = kind;
  }
}
