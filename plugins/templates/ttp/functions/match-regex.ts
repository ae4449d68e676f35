import { compile, escape as escapeRegex } from "../../../../src/python/re/index.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { isInt } from "../../../../src/python/values/numbers.ts";
import { typeError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { str } from "../../../../src/python/values/text.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { type FunctionTable, needText, withArguments, withParameters } from "./contract.ts";
import { replacement } from "./match-text.ts";

const one = { pattern: REQUIRED };

/** Match functions that use regular expressions, in Python's syntax. */
export const regexFunctions: FunctionTable = {
  contains_re: withParameters(one, (data, [pattern]) => [data, found(needText(pattern), data)]),
  exclude_re: withParameters(one, (data, [pattern]) => [data, !found(needText(pattern), data)]),
  startswith_re: withParameters(one, (data, [pattern]) => [data, found(`^${str(pattern)}`, data)]),
  notstartswith_re: withParameters(one, (data, [pattern]) => [data, !found(`^${str(pattern)}`, data)]),
  endswith_re: withParameters(one, (data, [pattern]) => [data, found(`${str(pattern)}$`, data)]),
  notendswith_re: withParameters(one, (data, [pattern]) => [data, !found(`${str(pattern)}$`, data)]),
  resub: withParameters({ old: REQUIRED, new: REQUIRED, count: 1 }, (data, [old, by, count], { vars }) => {
    const pattern = vars.has(old) ? escapeRegex(needText(vars.get(old))) : needText(old);
    if (!isInt(count)) throw typeError(`'${typeName(count)}' object cannot be interpreted as an integer`);
    return [compile(pattern).sub(needText(by), needText(data), Number(count)), null];
  }),
  resuball: withArguments((data, args, { vars }) => [substituteAll(data, args, vars), null]),
};

function found(pattern: string, data: unknown): boolean {
  return compile(pattern).search(needText(data)) !== null;
}

/** What `resuball` leaves of the data. */
function substituteAll(data: unknown, args: readonly unknown[], vars: PyDict): unknown {
  const [newText, oldTexts] = replacement(args);
  let text = data;
  for (const { pattern, by } of oldTexts.flatMap((item) => substitutions(item, newText, vars))) {
    text = compile(pattern).sub(by, needText(text));
  }
  return text;
}

/** What one argument replaces: itself as a pattern, or what the variable of that name holds. */
function substitutions(item: unknown, by: string, vars: PyDict): { pattern: string; by: string }[] {
  if (!vars.has(item)) return [{ pattern: needText(item), by }];
  const value = vars.get(item);
  if (typeof value === "string") return [{ pattern: escapeRegex(value), by }];
  if (Array.isArray(value))
    return value.filter((old) => typeof old === "string").map((pattern) => ({ pattern, by }));
  if (!(value instanceof PyDict)) return [];
  return [...value.items()].flatMap(([newText, old]) => {
    const olds: unknown[] = Array.isArray(old) ? old : [old];
    return olds
      .filter((text) => typeof text === "string")
      .map((pattern) => ({ pattern, by: needText(newText) }));
  });
}
