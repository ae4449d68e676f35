import { contains } from "../../../../src/python/values/iteration.ts";
import { parseInteger } from "../../../../src/python/values/numbers.ts";
import { PythonError, valueError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { quoteText, str } from "../../../../src/python/values/text.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { asText, type FunctionTable, needText, withParameters } from "./contract.ts";
import { toFloat, toInteger } from "./integers.ts";
import { parseUptime } from "./uptime.ts";

/** Match functions that turn text into something else. */
export const convertFunctions: FunctionTable = {
  to_str: withParameters({}, (data) => [str(data), null]),
  to_list: withParameters({}, (data) => [[data], null]),
  to_unicode: withParameters({}, (data) => [data, null]),
  to_int: withParameters({}, (data, _values, runtime) => {
    try {
      return [toInteger(data), null];
    } catch (error) {
      if (!(error instanceof PythonError && error.kind === "ValueError")) throw error;
      runtime.warn(`to_int: ${quoteText(str(data))} is no integer`);
      return [data, null];
    }
  }),
  to_float: withParameters({}, (data, _values, runtime) => {
    try {
      return [toFloat(data), null];
    } catch (error) {
      if (!(error instanceof PythonError && error.kind === "TypeError")) throw error;
      runtime.warn(`to_float: a ${typeName(data)} is no number`);
      return [data, null];
    }
  }),
  unrange: withParameters({ rangechar: REQUIRED, joinchar: REQUIRED }, (data, [range, joiner], runtime) => {
    if (!contains(data, range)) return [data, null];
    const text = asText(data, "split");
    if (range === "" || joiner === "") throw valueError("empty separator");
    const unranged = unrange(text, needText(range), needText(joiner));
    if (unranged === undefined) runtime.warn(`unrange: ${quoteText(text)} is no range of integers`);
    return [unranged ?? text, null];
  }),
  mac_eui: withParameters({}, (data) => [macEui(str(data)) ?? data, null]),
  uptimeparse: withParameters({ format: "seconds" }, (data, [format]) => [
    parseUptime(needText(data), format) ?? data,
    null,
  ]),
};

/** `8,10-13,20` with every number of the ranges written out; undefined where an end is no integer. */
function unrange(text: string, rangeChar: string, joinChar: string): string | undefined {
  let numbers: string[] = [];
  for (const part of text.split(rangeChar)) {
    const items = part.split(joinChar).filter((item) => item !== "");
    const last = numbers.at(-1);
    if (last === undefined) {
      numbers = items;
      continue;
    }
    const start = Number(toInteger(last));
    const [first] = items;
    if (first === undefined) throw new PythonError("IndexError", "list index out of range");
    const end = parseInteger(first);
    if (end === undefined) return undefined;
    if (Number(end) - start > MAX_RANGE)
      throw valueError(`a range of more than ${MAX_RANGE} numbers is not written out`);
    for (let number = start + 1; number < Number(end); number += 1) numbers.push(String(number));
    numbers.push(...items);
  }
  return numbers.join(joinChar);
}

/** A range of VLANs has 4,096 numbers; one of ports or AS numbers rarely more than this. */
const MAX_RANGE = 1_000_000;

/** A MAC address with colons, filled up with zeros; undefined for what is none. */
function macEui(text: string): string | undefined {
  const mac = text.replace(/[.:-]/g, "").toLowerCase();
  if (!/^[\p{L}\p{N}]+$/u.test(mac)) return undefined;
  return (mac.padEnd(12, "0").match(/.{1,2}/gu) ?? []).join(":");
}
