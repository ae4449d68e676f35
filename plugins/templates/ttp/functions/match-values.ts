import { pluginErrors } from "../../../../src/errors/plugin.ts";
import { binary } from "../../../../src/python/values/arithmetic.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { equal } from "../../../../src/python/values/equality.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { str } from "../../../../src/python/values/text.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { PyTuple } from "../../../../src/python/values/tuple.ts";
import { deepCopy } from "../copy.ts";
import { asText, type FunctionTable, type TemplateFunction, withParameters } from "./contract.ts";

const NOT_GIVEN = Symbol("not given");

/** Match functions that set, keep and count values. */
export const valueFunctions: FunctionTable = {
  set: withParameters(
    { value: REQUIRED, match_line: REQUIRED },
    (data, [value, line], { vars, globalVars }) => {
      if (asText(data, "rstrip").trimEnd() !== line) return [data, false];
      if (typeof value === "string") {
        if (vars.has(value)) return [vars.get(value), null];
        if (globalVars.has(value)) return [globalVars.get(value), null];
      }
      return [value, null];
    },
  ),
  let: withParameters({ name_or_value: REQUIRED, var_value: NOT_GIVEN }, (data, [nameOrValue, value]) =>
    value === NOT_GIVEN || value === "__Undefined_Var_Value__"
      ? [nameOrValue, null]
      : [data, new PyDict([[nameOrValue, value]])],
  ),
  copy: withParameters({ name: REQUIRED }, (data, [name]) => [data, new PyDict([[name, deepCopy(data)]])]),
  record: withParameters({ record: REQUIRED }, (data, [name], { vars, globalVars }) => {
    vars.set(name, data);
    globalVars.set(name, data);
    return [data, null];
  }),
  count: withParameters({ var: null, globvar: null }, (data, [name, globalName], { vars, globalVars }) => {
    if (truth(name)) increment(vars, name);
    if (truth(globalName)) increment(globalVars, globalName);
    return [data, null];
  }),
  void: withParameters({}, (data) => [data, false]),
  raise: withParameters({ message: "" }, (_data, [message]) => {
    throw new PythonError("RuntimeError", str(message));
  }),
  joinmatches: (data) => [data, null],
  macro: withParameters({ macro_name: REQUIRED }, (data, [name], runtime) => {
    const result = runtime.callMacro(name, data);
    if (result === true || result === false || result === null || result === undefined)
      return [data, result ?? null];
    if (result instanceof PyTuple && result.items.length === 2 && result.items[1] instanceof PyDict) {
      return [result.items[0], result.items[1]];
    }
    return [result, null];
  }),
  dns: unsupported("The DNS look-up of match function dns"),
  rdns: unsupported("The DNS look-up of match function rdns"),
  geoip_lookup: unsupported("The GeoIP look-up of match function geoip_lookup"),
};

function increment(vars: PyDict, name: unknown): void {
  vars.set(name, vars.has(name) ? binary("+", vars.get(name), 1) : 1);
}

function unsupported(what: string): TemplateFunction {
  return withAnything(() => {
    throw pluginErrors.Unsupported({ what });
  });
}

function withAnything(run: () => never): TemplateFunction {
  return () => run();
}

/** Whether a macro's answer counts as "go on with the data": True, None and what equals them. */
export function leavesData(result: unknown): boolean {
  return result === null || result === undefined || equal(result, true);
}
