import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const patterns = z.array(z.string()).default([]);

const kind = z.strictObject({
  busy: patterns,
  refused: patterns,
  ready: patterns,
  takeOver: z.string().optional(),
  leave: z.array(z.string()).default([]),
});

const table = z
  .record(z.string(), kind)
  .parse(parse(readFileSync(join(import.meta.dirname, "kinds.yaml"), "utf8")));

/** What a console server says about a line: somebody has it, it is not there, it is connected. */
export type LineState = "busy" | "refused" | "ready";

const STATES: readonly LineState[] = ["busy", "refused", "ready"];

/** How a kind of console server talks. */
export interface ConsoleKind {
  /** What a text says about the line; undefined: nothing. */
  state(text: string): LineState | undefined;
  /** Puts the other user out; undefined: this kind has no way. */
  readonly takeOver: string | undefined;
  /** What to send, one after the other, to give the line back. */
  readonly leave: readonly string[];
}

/** The kinds that `driver.args.console.kind` may name. */
export const consoleKinds: readonly string[] = Object.keys(table);

/** A kind by its name. Throws for one that `consoleKinds` does not list. */
export function consoleKind(name: string): ConsoleKind {
  const found = table[name];
  if (!found) throw new Error(`there is no kind of console server ${name}`);
  const compiled = STATES.map((state) => {
    const sources = [...(table.generic?.[state] ?? []), ...found[state]];
    return [state, sources.map((source) => new RegExp(source, "i"))] as const;
  });
  return {
    state: (text) => compiled.find(([, each]) => each.some((pattern) => pattern.test(text)))?.[0],
    takeOver: found.takeOver,
    leave: found.leave,
  };
}
