import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import type { Fields } from "./fields.ts";
import type { GroupLine } from "./group.ts";
import type { MatchVariable } from "./match-variable.ts";
import type { LineMatch } from "./regex.ts";
import type { Runtime } from "./runtime.ts";

/** What a match of a line gives: values that went through their variables' functions, or false when one of these refused. */
export type Checker = (match: LineMatch) => Fields | false;

export function checkerOf(line: GroupLine, runtime: Runtime): Checker {
  let variables: readonly MatchVariable[] | undefined;
  return (match) => {
    variables ??= variablesOf(line);
    return check(line, variables, match, runtime);
  };
}

/** The variable of each named group of the line's expression. */
function variablesOf(line: GroupLine): readonly MatchVariable[] {
  return (line.regex?.names ?? []).map((name) => {
    const variable = line.variables.get(name);
    if (variable === undefined) throw new PythonError("KeyError", `'${name}'`);
    return variable;
  });
}

function check(
  line: GroupLine,
  variables: readonly MatchVariable[],
  match: LineMatch,
  runtime: Runtime,
): Fields | false {
  const result: unknown[] = [];
  if (variables.length > 0) {
    for (let index = 0; index < variables.length; index += 1) {
      const variable = variables[index];
      if (variable === undefined) break;
      const value = match[index + 1] ?? null;
      if (variable.functions.length === 0) result.push(variable.name, value);
      else if (!checkValue(variable, value, result, runtime)) return false;
    }
  } else {
    // A line without anything to extract: its variables, such as `set`, get the whole match.
    for (const variable of line.variables.values())
      if (!checkValue(variable, match[0], result, runtime)) return false;
  }
  return result;
}

/** False when a function refuses the value. */
function checkValue(variable: MatchVariable, matched: unknown, result: unknown[], runtime: Runtime): boolean {
  let data = matched;
  let fields: PyDict | undefined;
  for (const call of variable.functions) {
    const [value, verdict] = runtime.callMatchFunction(call, data);
    data = value;
    if (verdict === false) return false;
    if (verdict instanceof PyDict) fields = fields === undefined ? verdict : mergeFields(fields, verdict);
  }
  result.push(variable.name, data);
  if (fields !== undefined) for (const [key, value] of fields.items()) result.push(key, value);
  return true;
}

function mergeFields(fields: PyDict, more: PyDict): PyDict {
  for (const [key, value] of more.items()) fields.set(key, value);
  return fields;
}
