import { IpAddress, IpInterface, IpNetwork, IpObject } from "../ipaddress/index.ts";
import { PyDict, PySet } from "../values/dict.ts";
import { parseJson } from "../values/json.ts";
import { PyObject } from "../values/object.ts";
import { str } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";

/** Marks an object that stands for a value that JSON lacks; runtime.py has the other half. */
const TAG = "__py__";

/** The object in one line of JSON. Throws ValueError for a line that is none. */
export function readLine(line: string): PyDict {
  const value = parseJson(line);
  return value instanceof PyDict ? value : new PyDict();
}

/** A value as JSON data, tagged where JSON has no such value. */
export function encode(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof PyTuple) return tagged("tuple", value.items.map(encode));
  if (value instanceof PySet) return tagged("set", [...value.values()].map(encode));
  if (value instanceof IpObject) return tagged(value.typeName, value.str());
  if (value instanceof PyObject) return tagged("object", str(value));
  if (!(value instanceof PyDict)) return value;
  const entries = [...value.items()];
  if (!value.has(TAG) && entries.every(([key]) => typeof key === "string")) {
    return new PyDict(entries.map(([key, item]) => [key, encode(item)]));
  }
  return tagged(
    "dict",
    entries.map(([key, item]) => [encode(key), encode(item)]),
  );
}

/** The value of JSON data that may be tagged. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!(value instanceof PyDict)) return value;
  const kind = value.get(TAG);
  if (kind === undefined) return new PyDict([...value.items()].map(([key, item]) => [key, decode(item)]));
  const content = value.get("v");
  const items: unknown[] = Array.isArray(content) ? content : [];
  switch (kind) {
    case "tuple":
      return new PyTuple(items.map(decode));
    case "set":
      return new PySet(items.map(decode));
    case "dict":
      return new PyDict(
        items.map((pair) => [decode((pair as unknown[])[0]), decode((pair as unknown[])[1])]),
      );
    default:
      return ipObject(str(kind), str(content)) ?? content;
  }
}

function tagged(kind: string, content: unknown): PyDict {
  return new PyDict([
    [TAG, kind],
    ["v", content],
  ]);
}

function ipObject(kind: string, text: string): IpObject | undefined {
  const version = kind.startsWith("IPv4") ? 4 : 6;
  if (/^IPv[46]Address$/.test(kind)) return IpAddress.parse(text, version);
  if (/^IPv[46]Interface$/.test(kind)) return IpInterface.parse(text, version);
  return /^IPv[46]Network$/.test(kind) ? IpNetwork.parse(text, version) : undefined;
}
