import { ipAddress, ipInterface, ipNetwork } from "../../../python/ipaddress/index.ts";
import { PyDict, PySet } from "../../../python/values/dict.ts";
import { dumpJson, parseJson } from "../../../python/values/json.ts";
import { PyObject } from "../../../python/values/object.ts";
import { str } from "../../../python/values/text.ts";
import { PyTuple } from "../../../python/values/tuple.ts";

/** Reads a recorded JSON text as Python values, so that objects keep their order and floats stay floats. */
export function readRecord(line: string): PyDict {
  const record = parseJson(line);
  if (!(record instanceof PyDict)) throw new TypeError("a record must be an object");
  return record;
}

/**
 * A value as JSON text in the form that answers are recorded in: tuples are lists, keys are texts, other Python objects stand
 * as their text.
 */
export function canonical(value: unknown): string {
  return dumpJson(recorded(value));
}

function recorded(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(recorded);
  if (value instanceof PyTuple) return value.items.map(recorded);
  if (value instanceof PySet) return [...value.values()].map(recorded);
  if (value instanceof PyObject) return value.str();
  if (!(value instanceof PyDict)) return value;
  if (value.has("__py__")) return value.get("str");
  return new PyDict(
    [...value.items()].map(([key, item]) => [typeof key === "string" ? key : str(key), recorded(item)]),
  );
}

/** A recorded argument as the value that the function was given. */
export function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (!(value instanceof PyDict)) return value;
  const type = value.get("__py__");
  if (typeof type !== "string")
    return new PyDict([...value.items()].map(([key, item]) => [key, revived(item)]));
  const text = str(value.get("str"));
  if (type.endsWith("Interface")) return ipInterface(text);
  return type.endsWith("Network") ? ipNetwork(text) : ipAddress(text);
}
