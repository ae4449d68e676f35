import type { FunctionCall } from "./attributes.ts";
import { matchFunctions } from "./functions/match.ts";
import { regexFunctions } from "./functions/match-regex.ts";
import { textFunctions } from "./functions/match-text.ts";
import type { GroupLine } from "./group.ts";
import type { Region } from "./regex.ts";
import type { Runtime } from "./runtime.ts";

/** A variable whose values go through a macro, and what changes them before. */
interface MacroUse {
  /** The variable's group in the line's expression. */
  readonly group: number;
  readonly before: readonly FunctionCall[];
  readonly macro: string;
}

/**
 * Finds the values that the macros of a line will be called with and lets Python run over all of them at once: asking it for each would cost more
 * than all the rest. A macro that keeps state, or that comes behind functions with effects, is called one by one.
 */
export function prepareMacros(line: GroupLine, rest: Region, runtime: Runtime): void {
  const uses = macroUses(line, runtime);
  if (uses.length === 0) return;
  const values = uses.map(() => new Set<string>());
  line.regex?.each(rest, (match) => {
    for (const [index, use] of uses.entries()) {
      const value = valueBefore(use, match[use.group], runtime);
      if (typeof value === "string") values[index]?.add(value);
    }
  });
  for (const [index, { macro }] of uses.entries()) {
    const texts = values[index] ?? new Set();
    if (texts.size > 1) runtime.macros?.prepare(macro, [...texts]);
  }
}

function macroUses(line: GroupLine, runtime: Runtime): MacroUse[] {
  const names = line.regex?.names ?? [];
  return names.flatMap((name, index): MacroUse[] => {
    const functions = line.variables.get(name)?.functions ?? [];
    const at = functions.findIndex((call) => call.name === "macro");
    const macro = functions[at]?.args[0];
    const before = functions.slice(0, Math.max(at, 0));
    if (
      typeof macro !== "string" ||
      !runtime.hasMacro(macro) ||
      !before.every((call) => isWithoutEffect(call, runtime))
    )
      return [];
    return [{ group: index + 1, before, macro }];
  });
}

/** Functions that only look at the value: methods of texts, and those of match functions that test or change text. */
function isWithoutEffect({ name }: FunctionCall, { options }: Runtime): boolean {
  if (options.custom.match.has(name)) return false;
  if (name === "print" || name === "append" || name === "prepend") return false;
  return (
    !matchFunctions.has(name) || Object.hasOwn(textFunctions, name) || Object.hasOwn(regexFunctions, name)
  );
}

/** Undefined where a function refuses the value or fails: then the macro is not called, or not reached. */
function valueBefore({ before }: MacroUse, matched: string | undefined, runtime: Runtime): unknown {
  let value: unknown = matched;
  for (const call of before) {
    try {
      const [changed, verdict] = runtime.callMatchFunction(call, value);
      if (verdict === false) return undefined;
      value = changed;
    } catch {
      return undefined;
    }
  }
  return value;
}
