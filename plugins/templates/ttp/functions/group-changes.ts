import { PyDict } from "../../../../src/python/values/dict.ts";
import { attributeError, PythonError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { str } from "../../../../src/python/values/text.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { update } from "../copy.ts";
import type { Runtime } from "../runtime.ts";
import { asText, type FunctionTable, withArguments, withParameters } from "./contract.ts";
import { formatText } from "./format.ts";
import { dict } from "./group-tests.ts";
import { toFloat, toInteger } from "./integers.ts";
import { lookupData } from "./lookup-source.ts";
import { toIp } from "./match-ip.ts";
import { leavesData } from "./match-values.ts";

const NO_DEFAULT = Symbol("no default");

/** Group functions that change a group's results. */
export const changeFunctions: FunctionTable = {
  del: withArguments((data, keys) => {
    for (const key of keys) dict(data).delete(key);
    return [data, null];
  }),
  expand: withParameters({}, (data) => [data instanceof PyDict ? expand(data) : data, true]),
  itemize: withParameters({ key: REQUIRED, path: "" }, (data, [key, path], runtime) => {
    if (!dict(data).has(key)) return [data, false];
    return [
      truth(path) ? itemizeAt(dict(data), key, path, runtime) : itemize(dict(data), key, runtime),
      null,
    ];
  }),
  items2dict: withParameters({ key_name: REQUIRED, value_name: REQUIRED }, (data, [keyName, valueName]) => {
    if (!dict(data).has(keyName) || !dict(data).has(valueName)) return [data, false];
    const value = pop(dict(data), valueName);
    dict(data).set(pop(dict(data), keyName), value);
    return [data, null];
  }),
  set: withParameters(
    { source: REQUIRED, target: "_use_source_", default: NO_DEFAULT },
    (data, [source, target, otherwise], { vars, globalVars }) => {
      const from = vars.has(source) ? vars : globalVars.has(source) ? globalVars : undefined;
      const fallback = otherwise === NO_DEFAULT || otherwise === "_no_default_value_" ? source : otherwise;
      dict(data).set(
        target === "_use_source_" ? source : target,
        from === undefined ? fallback : from.get(source),
      );
      return [data, null];
    },
  ),
  record: withParameters({ source: REQUIRED, target: "_use_source_" }, (data, [source, target], runtime) => {
    if (dict(data).has(source)) {
      const name = target === "_use_source_" ? source : target;
      runtime.vars.set(name, dict(data).get(source));
      runtime.globalVars.set(name, dict(data).get(source));
    }
    return [data, null];
  }),
  sformat: withParameters({ string: REQUIRED, add_field: REQUIRED }, (data, [string, field], runtime) => {
    const text = formatWithResults(asText(string, "format"), dict(data), runtime);
    if (text !== undefined) dict(data).set(field, text);
    return [data, true];
  }),
  str_to_unicode: withParameters({}, (data) => [data, null]),
  to_int: (data, call) => {
    const keys = call.args.length > 0 ? call.args : [...dict(data).keys()];
    for (const key of keys)
      if (dict(data).has(key)) convertItem(dict(data), key, call.kwargs.get("intlist") === true);
    return [data, null];
  },
  to_ip: withParameters({ ip_key: REQUIRED, mask_key: REQUIRED }, (data, [ipKey, maskKey]) => {
    if (dict(data).has(ipKey) && dict(data).has(maskKey)) {
      try {
        dict(data).set(ipKey, toIp(`${str(dict(data).get(ipKey))}/${str(dict(data).get(maskKey))}`));
      } catch (error) {
        if (!(error instanceof PythonError)) throw error;
      }
    }
    return [data, null];
  }),
  lookup: withParameters(
    {
      key: REQUIRED,
      name: null,
      template: null,
      group: null,
      add_field: false,
      replace: true,
      update: false,
    },
    (data, [key, name, template, group, field, replace, merge], runtime) => {
      const table = lookupData({ name, template, group }, runtime, true);
      if (table === undefined) return [data, null];
      const found = lookedUp(table, dict(data), key);
      if (found === undefined) return [data, null];
      if (truth(field)) dict(data).set(field, found);
      else if (merge === true && found instanceof PyDict) update(dict(data), found);
      else if (truth(replace)) dict(data).set(key, found);
      return [data, null];
    },
  ),
  macro: withArguments((data, names, runtime) => {
    let result = data;
    for (const name of names.flatMap((item) => asText(item, "split").split(","))) {
      if (!runtime.hasMacro(name.trim())) continue;
      const answer = runtime.callMacro(name.trim(), result);
      if (answer === false) return [result, false];
      if (!leavesData(answer)) result = answer;
    }
    return [result, true];
  }),
};

/** The value looked up; undefined where the table has none. A table that is no dictionary gives None, as in TTP. */
function lookedUp(table: unknown, data: PyDict, key: unknown): unknown {
  if (!(table instanceof PyDict)) return null;
  if (!data.has(key)) return undefined;
  return table.has(data.get(key)) ? table.get(data.get(key)) : undefined;
}

function expand(data: PyDict): PyDict {
  const expanded = new PyDict();
  for (const [key, value] of data.items()) {
    const names = asText(key, "split").split(".");
    const last = names.pop() ?? "";
    let place: unknown = expanded;
    for (const name of names) {
      if (!(place instanceof PyDict))
        throw attributeError(`'${typeName(place)}' object has no attribute 'setdefault'`);
      if (!place.has(name)) place.set(name, new PyDict());
      place = place.get(name);
    }
    if (place instanceof PyDict) place.set(last, value);
  }
  return expanded;
}

/** The value becomes the group's result; the group's path becomes a list. */
function itemize(data: PyDict, key: unknown, { builder }: Runtime): unknown {
  const { path } = builder.record;
  path[path.length - 1] = listItem(path.at(-1) ?? "");
  update(builder.pathCache, data);
  return pop(data, key);
}

/** The value is saved into a list at another path; the group's results stay. */
function itemizeAt(data: PyDict, key: unknown, path: unknown, { builder }: Runtime): unknown {
  update(builder.pathCache, data);
  const items = asText(path, "split")
    .split(".")
    .map((item) => item.trim());
  items[items.length - 1] = listItem(items.at(-1) ?? "");
  const steps = builder.resolvePath(items);
  if (steps === undefined)
    throw new PythonError("TypeError", "the path of itemize has a name without a value");
  builder.save(data.get(key), steps);
  return data;
}

function listItem(item: string): string {
  return item.endsWith("**") || !item.endsWith("*") ? `${item.replace(/\*+$/, "")}*` : item;
}

function pop(data: PyDict, key: unknown): unknown {
  if (!data.has(key)) throw new PythonError("KeyError", str(key));
  const value = data.get(key);
  data.delete(key);
  return value;
}

/** The text with the group's results put in, and where they lack a name, variables; undefined where these lack it too. */
export function formatWithResults(
  template: string,
  data: PyDict,
  { vars, globalVars }: Runtime,
): string | undefined {
  const everything = globalVars.copy();
  update(everything, vars);
  update(everything, data);
  try {
    return formatText(template, [], everything);
  } catch (error) {
    if (error instanceof PythonError && error.kind === "KeyError") return undefined;
    throw error;
  }
}

function convertItem(data: PyDict, key: unknown, lists: boolean): void {
  const value = numberOrSame(data.get(key));
  data.set(key, lists && Array.isArray(value) ? value.map(numberOrSame) : value);
}

function numberOrSame(value: unknown): unknown {
  for (const convert of [toInteger, toFloat]) {
    try {
      return convert(value);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
    }
  }
  return value;
}
