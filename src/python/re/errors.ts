/**
 * What Python's `re.error` says about a pattern that cannot be compiled. `message` is Python 3.11's text, position included;
 * `pos`, `lineno` and `colno` count code points as Python does (`pos` from 0, the others from 1).
 */
export class PythonReError extends Error {
  /** The message without the position. */
  readonly msg: string;
  readonly pattern: string | undefined;
  readonly pos: number | undefined;
  readonly lineno: number | undefined;
  readonly colno: number | undefined;

  /** `at` is a UTF-16 offset into `pattern`; without it the error has no position (as for look-behinds). */
  constructor(msg: string, pattern?: string, at?: number) {
    if (pattern === undefined || at === undefined) {
      super(msg);
    } else {
      const place = placeOf(pattern, at);
      const line = pattern.includes("\n") ? ` (line ${place.lineno}, column ${place.colno})` : "";
      super(`${msg} at position ${place.pos}${line}`);
      this.pos = place.pos;
      this.lineno = place.lineno;
      this.colno = place.colno;
    }
    this.name = "re.error";
    this.msg = msg;
    this.pattern = pattern;
  }
}

/** A match was given up: it took more steps than allowed. The pattern runs away on this text. */
export class StepBudgetExceeded extends Error {
  readonly pattern: string;
  readonly budget: number;

  constructor(pattern: string, budget: number) {
    super(
      `The pattern ${JSON.stringify(pattern)} took more than ${budget} steps on one text. ` +
        "It can match the same text in too many ways; make its nested repeats unambiguous.",
    );
    this.name = "StepBudgetExceeded";
    this.pattern = pattern;
    this.budget = budget;
  }
}

function placeOf(pattern: string, at: number): { pos: number; lineno: number; colno: number } {
  const before = pattern.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    pos: codePoints(before),
    lineno: before.split("\n").length,
    colno: codePoints(before.slice(lineStart)) + 1,
  };
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
