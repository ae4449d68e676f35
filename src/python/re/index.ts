/**
 * Python 3.11's `re` for text (no bytes): its syntax, its meaning, its error messages. Patterns run as V8 RegExps where those
 * mean the same, and in an own matcher with a step budget where they do not or could run away.
 *
 * @example
 * const interface_ = compile("(?P<name>\\S+) is (?P<state>up|down)");
 * interface_.match("Ethernet1 is up")?.groupdict(); // { name: "Ethernet1", state: "up" }
 */
import { type CompileOptions, Pattern } from "./pattern.ts";

export { PythonReError, StepBudgetExceeded } from "./errors.ts";
export { pythonQuote } from "./escapes.ts";
export * from "./flags.ts";
export { Match } from "./match.ts";
export { type CompileOptions, Pattern, type TextMatcher } from "./pattern.ts";
export { type Node, widthOf } from "./syntax.ts";
export { UnknownGroup } from "./template.ts";
export { isPlain } from "./v8.ts";

/**
 * Compiles a pattern in Python's syntax. `flags` are Python's bits (`IGNORECASE | MULTILINE`). Throws `PythonReError` with
 * Python's message and position. The last 2,000 patterns without options are kept, as Python does.
 */
export function compile(pattern: string, flags = 0, options?: CompileOptions): Pattern {
  if (options !== undefined) return new Pattern(pattern, flags, options);
  const key = `${flags} ${pattern}`;
  let compiled = cache.get(key);
  if (compiled === undefined) {
    compiled = new Pattern(pattern, flags, {});
    if (cache.size >= CACHE_SIZE) {
      const oldest = cache.keys().next();
      if (!oldest.done) cache.delete(oldest.value);
    }
    cache.set(key, compiled);
  }
  return compiled;
}

/** A text with every character escaped that means something in a pattern. */
function escapeText(text: string): string {
  return text.replace(SPECIAL, "\\$&");
}

export { escapeText as escape };

const CACHE_SIZE = 2000;
const cache = new Map<string, Pattern>();
const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;
