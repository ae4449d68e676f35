import {
  binary,
  fixedText,
  float,
  int,
  isFloat,
  isInt,
  isNumber,
  type PyNumber,
  PyObject,
  parseFloatText,
  parseInteger,
  roundDouble,
  str,
  textOf,
  toBigInt,
  toDouble,
  truth,
  typeError,
  typeName,
  unary,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";

function number(value: unknown, what: string): PyNumber {
  if (value instanceof PyObject && !isNumber(value)) unary("+", value);
  if (!isNumber(value)) throw typeError(`${what}: '${typeName(value)}'`);
  return value;
}

function absolute(_context: Context, value: unknown): unknown {
  const given = number(value, "bad operand type for abs()");
  const negative = toDouble(given) < 0;
  return negative ? unary("-", given) : unary("+", given);
}

/** `int`: the default for everything that is no number. */
function toInteger(_context: Context, value: unknown, fallback: unknown, base: unknown): unknown {
  const text = textOf(value);
  if (text !== undefined) {
    const parsed = parseInteger(text, Number(base));
    if (parsed !== undefined) return parsed;
    const asFloat = parseFloatText(text);
    return asFloat === undefined || !Number.isFinite(asFloat) ? fallback : whole(asFloat);
  }
  if (isFloat(value)) return Number.isFinite(toDouble(value)) ? whole(toDouble(value)) : fallback;
  if (isInt(value)) return int(toBigInt(value));
  if (value instanceof Undefined) value.fail();
  return fallback;
}

const whole = (value: number): unknown => int(BigInt(Math.trunc(value)));

function toFloat(_context: Context, value: unknown, fallback: unknown): unknown {
  const text = textOf(value);
  if (text !== undefined) {
    const parsed = parseFloatText(text);
    return parsed === undefined ? fallback : float(parsed);
  }
  if (isNumber(value)) return float(toDouble(value));
  if (value instanceof Undefined) value.fail();
  return fallback;
}

function round(_context: Context, value: unknown, precision: unknown, method: unknown): unknown {
  const how = str(method);
  if (!["common", "ceil", "floor"].includes(how)) {
    throw new FilterArgumentError("method must be common, ceil or floor");
  }
  const given = number(value, "type cannot be rounded");
  const places = Number(precision);
  if (how === "common") {
    if (!isFloat(given))
      return places >= 0 ? int(toBigInt(given)) : whole(roundDouble(Number(given), places));
    return float(roundDouble(toDouble(given), places));
  }
  const scaled = toDouble(binary("*", given, binary("**", 10, precision)) as PyNumber);
  const step = how === "ceil" ? Math.ceil(scaled) : Math.floor(scaled);
  return binary("/", step, binary("**", 10, precision));
}

const UNITS: ReadonlyArray<readonly [decimal: string, binary: string]> = [
  ["kB", "KiB"],
  ["MB", "MiB"],
  ["GB", "GiB"],
  ["TB", "TiB"],
  ["PB", "PiB"],
  ["EB", "EiB"],
  ["ZB", "ZiB"],
  ["YB", "YiB"],
];

function fileSize(_context: Context, value: unknown, asBinary: unknown): unknown {
  const text = textOf(value);
  const bytes = text === undefined ? toDouble(number(value, "a size is expected")) : parseFloatText(text);
  if (bytes === undefined) throw new FilterArgumentError(`a size is expected, not ${str(value)}`);
  const base = truth(asBinary) ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let unit = base;
  let name = "";
  for (const [decimal, binaryName] of UNITS) {
    name = truth(asBinary) ? binaryName : decimal;
    if (bytes < unit * base || decimal === "YB") break;
    unit *= base;
  }
  return `${fixedText(bytes / unit, 1)} ${name}`;
}

/** Filters on numbers, by name. */
export const NUMBER_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ["abs", filter({}, absolute)],
  ["int", filter({ default: 0, base: 10 }, toInteger)],
  ["float", filter({ default: float(0) }, toFloat)],
  ["round", filter({ precision: 0, method: "common" }, round)],
  ["filesizeformat", filter({ binary: false }, fileSize)],
]);
