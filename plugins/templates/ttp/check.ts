import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import type { GroupLine } from "./group.ts";
import type { MatchVariable } from "./match-variable.ts";
import type { Places } from "./matcher.ts";
import type { LineMatch } from "./regex.ts";
import type { Runtime } from "./runtime.ts";

/** Runs the matched values of a line through its variables' functions and puts the results at their places. */
export function checkMatches(
  line: GroupLine,
  found: readonly LineMatch[],
  places: Places,
  offset: number,
  runtime: Runtime,
): void {
  const isStart = line.action.startsWith("start");
  const variables = variablesOf(line);
  for (const match of found) {
    const result = check(line, variables, match, runtime);
    // A start whose functions refused it still counts: it ends its group.
    if (result === false && !isStart) continue;
    const place = offset + match.start;
    const present = places.get(place);
    if (present === undefined) places.set(place, [{ line, result }]);
    else present.push({ line, result });
  }
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
): PyDict | false {
  const result = new PyDict();
  if (variables.length > 0) {
    for (const [index, variable] of variables.entries()) {
      if (!checkValue(variable, match.values[index] ?? null, result, runtime)) return false;
    }
  } else {
    // A line without anything to extract: its variables, such as `set`, get the whole match.
    for (const variable of line.variables.values()) if (!checkValue(variable, match.text, result, runtime)) return false;
  }
  return result;
}

/** False when a function refuses the value. */
function checkValue(variable: MatchVariable, matched: unknown, result: PyDict, runtime: Runtime): boolean {
  let data = matched;
  let fields: PyDict | undefined;
  for (const call of variable.functions) {
    const [value, verdict] = runtime.callMatchFunction(call, data);
    data = value;
    if (verdict === false) return false;
    if (verdict instanceof PyDict) fields = fields === undefined ? verdict : mergeFields(fields, verdict);
  }
  result.set(variable.name, data);
  if (fields !== undefined) for (const [key, value] of fields.items()) result.set(key, value);
  return true;
}

function mergeFields(fields: PyDict, more: PyDict): PyDict {
  for (const [key, value] of more.items()) fields.set(key, value);
  return fields;
}
