import { PyDict } from "../../../../src/python/values/dict.ts";
import { equal } from "../../../../src/python/values/equality.ts";
import { contains } from "../../../../src/python/values/iteration.ts";
import { attributeError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import type { Runtime } from "../runtime.ts";
import { type FunctionTable, withArguments, withParameters } from "./contract.ts";

/** Group functions that keep or refuse a group's results. */
export const testFunctions: FunctionTable = {
  contains: withArguments((data, keys, runtime) => {
    const key = keys.find((name) => contains(data, name));
    if (key === undefined) return [data, false];
    return [data, !isDefault(data, key, runtime)];
  }),
  containsall: withArguments((data, keys, runtime) => {
    const all = keys.every((key) => contains(data, key) && !isDefault(data, key, runtime));
    return [data, all ? null : false];
  }),
  exclude: withArguments((data, keys, runtime) => [
    data,
    !keys.some((key) => contains(data, key) && !hasDefault(key, runtime)),
  ]),
  excludeall: withArguments((data, keys, runtime) => [
    data,
    !keys.every((key) => contains(data, key) && !hasDefault(key, runtime)),
  ]),
  contains_val: withParameters({ key: REQUIRED, value: REQUIRED }, (data, [key, value], runtime) => {
    const found = dict(data).has(key) ? dict(data).get(key) : "";
    return [data, contains(found, variable(value, runtime)) ? null : false];
  }),
  exclude_val: withParameters({ key: REQUIRED, value: REQUIRED }, (data, [key, value], runtime) => [
    data,
    !(dict(data).has(key) && equal(dict(data).get(key), variable(value, runtime))),
  ]),
  equal: withParameters({ key: REQUIRED, value: REQUIRED }, (data, [key, value], runtime) => [
    data,
    equal(dict(data).get(key) ?? null, variable(value, runtime)) ? null : false,
  ]),
  void: withParameters({}, (data) => [data, false]),
};

/** The data as a dictionary. Throws Python's AttributeError. */
export function dict(data: unknown): PyDict {
  if (!(data instanceof PyDict)) throw attributeError(`'${typeName(data)}' object has no attribute 'get'`);
  return data;
}

function isDefault(data: unknown, key: unknown, runtime: Runtime): boolean {
  return hasDefault(key, runtime) && equal(runtime.builder.record.defaults.get(key), dict(data).get(key));
}

function hasDefault(key: unknown, runtime: Runtime): boolean {
  return runtime.builder.record.defaults.has(key);
}

function variable(value: unknown, { vars }: Runtime): unknown {
  return vars.has(value) ? vars.get(value) : value;
}
