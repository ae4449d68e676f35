import { allocate } from "./budget.ts";
import { exponentText, fixedText } from "./decimal-text.ts";
import { PyDict } from "./dict.ts";
import { general, notACharacter } from "./format-spec.ts";
import { isFloat, isInt, isNumber, toBigInt, toDouble } from "./numbers.ts";
import { PyObject, TextObject, textOf } from "./object.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { ascii, repr, str } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

const FIELD = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlL])?(.)?/gsu;

/** How the text of an argument is made: a safe string escapes what it takes in. */
export type Texter = (value: unknown) => string;

/**
 * Python's `template % values`: `"%s|%5.1f" % ("a", 2.25)` is `a|  2.2`. `values` is a tuple, a dict for `%(name)s`, or one value.
 * TypeError when the number or the types do not fit.
 */
export function percentFormat(template: string, values: unknown, text: Texter = str): string {
  const args = values instanceof PyTuple ? values.items : [values];
  let next = 0;
  let named = false;
  const take = (): unknown => {
    if (next >= args.length) throw typeError("not enough arguments for format string");
    return args[next++];
  };
  const out = template.replace(FIELD, (field: string, ...found: unknown[]) => {
    const [key, flags = "", width, precision, , type] = found as (string | undefined)[];
    const dot = field.includes(".", field.indexOf(")") + 1) && /\.(\*|\d+)?[hlL]?.?$/su.test(field);
    if (type === undefined) throw valueError("incomplete format");
    const minWidth = width === "*" ? Number(take()) : Number(width ?? 0);
    const digits =
      precision === "*"
        ? Number(take())
        : precision === undefined
          ? dot
            ? 0
            : undefined
          : Number(precision);
    if (minWidth > 1e6 || (digits ?? 0) > 1e6) throw valueError("width too big");
    if (type === "%") return "%";
    let value: unknown;
    if (key === undefined) value = take();
    else {
      if (!(values instanceof PyDict)) throw typeError("format requires a mapping");
      if (!values.has(key)) throw new PythonError("KeyError", repr(key));
      value = values.get(key);
      named = true;
    }
    const left = flags.includes("-") || minWidth < 0;
    const shown = convert(type, value, flags, digits, left ? 0 : minWidth, text, template);
    allocate(Math.abs(minWidth));
    return left ? shown.padEnd(Math.abs(minWidth)) : shown.padStart(minWidth);
  });
  const keyed = values instanceof PyDict || Array.isArray(values) || values instanceof PyObject;
  if (!named && next < args.length && !(keyed && !(values instanceof TextObject) && next === 0)) {
    throw typeError("not all arguments converted during string formatting");
  }
  return out;
}

function convert(
  type: string,
  value: unknown,
  flags: string,
  precision: number | undefined,
  width: number,
  text: Texter,
  template: string,
): string {
  switch (type) {
    case "s":
      return cut(text(value), precision);
    case "r":
      return cut(text(repr(value)), precision);
    case "a":
      return cut(text(ascii(value)), precision);
    case "c": {
      const char = textOf(value);
      if (char !== undefined && Array.from(char).length === 1) return char;
      if (!isInt(value)) throw typeError("%c requires int or char");
      const code = Number(value);
      if (code < 0 || code > 0x10ffff) throw notACharacter();
      return String.fromCodePoint(code);
    }
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X":
      return integer(type, value, flags, precision, width);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return double(type, value, flags, precision, width);
  }
  const index = template.indexOf(`${type}`);
  throw valueError(
    `unsupported format character '${type}' (0x${(type.codePointAt(0) ?? 0).toString(16)}) at index ${index}`,
  );
}

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : text.slice(0, precision);

function integer(
  type: string,
  value: unknown,
  flags: string,
  precision: number | undefined,
  width: number,
): string {
  const decimal = type === "d" || type === "i" || type === "u";
  if (!isNumber(value) || (!decimal && isFloat(value))) {
    const wanted = decimal ? "a real number is required" : "an integer is required";
    throw typeError(`%${type} format: ${wanted}, not ${typeName(value)}`);
  }
  const big = isFloat(value) ? wholePart(toDouble(value)) : toBigInt(value);
  const radix = type === "o" ? 8 : decimal ? 10 : 16;
  const digits = (big < 0n ? -big : big).toString(radix).padStart(precision ?? 0, "0");
  const prefix = flags.includes("#") && radix !== 10 ? `0${type.toLowerCase()}` : "";
  const body = type === "X" ? (prefix + digits).toUpperCase() : prefix + digits;
  return zeroFilled(big < 0n, body, flags, width);
}

function wholePart(value: number): bigint {
  if (Number.isNaN(value)) throw valueError("cannot convert float NaN to integer");
  if (!Number.isFinite(value))
    throw new PythonError("OverflowError", "cannot convert float infinity to integer");
  return BigInt(Math.trunc(value));
}

function double(
  type: string,
  value: unknown,
  flags: string,
  precision: number | undefined,
  width: number,
): string {
  if (!isNumber(value)) throw typeError(`must be real number, not ${typeName(value)}`);
  const number = toDouble(value);
  const size = Math.abs(number);
  const lower = type.toLowerCase();
  let body: string;
  if (!Number.isFinite(size)) body = Number.isNaN(size) ? "nan" : "inf";
  else if (lower === "f") body = fixedText(size, precision ?? 6);
  else if (lower === "e") body = exponentText(size, precision ?? 6);
  else body = general(size, precision ?? 6, flags.includes("#"), false);
  const shown = type === lower ? body : body.toUpperCase();
  return zeroFilled(number < 0 || Object.is(number, -0), shown, flags, width);
}

function zeroFilled(negative: boolean, body: string, flags: string, width: number): string {
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (!flags.includes("0") || flags.includes("-")) return sign + body;
  const prefix = /^0[xXoO]/.exec(body)?.[0] ?? "";
  return sign + prefix + body.slice(prefix.length).padStart(width - sign.length - prefix.length, "0");
}
