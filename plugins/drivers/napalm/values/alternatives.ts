/**
 * The source of a regular expression that matches what one of the patterns does, and nothing at the least: for taking out all that
 * any of them matches.
 *
 * @example
 * alternatives(["a", "b.*"]); // "(a|b.*|)"
 */
export function alternatives(patterns: readonly string[]): string {
  return `(${patterns.map((pattern) => `${pattern}|`).join("")})`;
}
