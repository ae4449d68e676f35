import { allocate } from "./budget.ts";
import { exponentText, fixedText } from "./decimal-text.ts";
import { floatText, isFloat, isInt, isNumber, type PyNumber, toBigInt, toDouble } from "./numbers.ts";
import { PyObject, textOf } from "./object.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { str } from "./text.ts";
import { typeName } from "./type-name.ts";
import { substring, textLength } from "./unicode.ts";

interface FormatSpec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

/**
 * Python's `format(value, spec)`: `format(3.14159, ".2f")` is `3.14`, `format("a", ">3")` is `  a`.
 * ValueError for a specification that does not fit the type.
 */
export function format(value: unknown, spec: string): string {
  if (spec === "") return str(value);
  const text = textOf(value);
  const parsed = parseSpec(spec, value);
  if (text !== undefined) return formatText(text, parsed);
  if (typeof value === "boolean" && parsed.type === "")
    return formatText(str(value), { ...parsed, type: "s" });
  if (isNumber(value)) return formatNumber(value, parsed);
  if (value instanceof PyObject && value.length() === undefined) {
    throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
  }
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
}

function parseSpec(spec: string, value: unknown): FormatSpec {
  const match = SPEC.exec(spec);
  if (!match) throw valueError(`Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match;
  const size = Number(width ?? 0);
  if (size > 1e6 || Number(precision ?? 0) > 1e6)
    throw valueError("Too many decimal digits in format string");
  allocate(size);
  return {
    fill: fill ?? (zero && !align ? "0" : " "),
    align: align ?? (zero ? "=" : ""),
    sign: sign ?? "",
    alternate: alternate !== undefined,
    width: size,
    grouping: grouping ?? "",
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? "",
  };
}

function formatText(text: string, spec: FormatSpec): string {
  if (spec.type !== "" && spec.type !== "s") {
    throw valueError(`Unknown format code '${spec.type}' for object of type 'str'`);
  }
  if (spec.sign) throw valueError("Sign not allowed in string format specifier");
  if (spec.align === "=" && spec.fill !== "0") {
    throw valueError("'=' alignment not allowed in string format specifier");
  }
  const cut = spec.precision === undefined ? text : substring(text, 0, spec.precision);
  return pad(cut, spec, "<");
}

function pad(text: string, spec: FormatSpec, fallback: string): string {
  const missing = spec.width - textLength(text);
  if (missing <= 0) return text;
  const align = spec.align === "" || (spec.align === "=" && fallback === "<") ? fallback : spec.align;
  if (align === "<") return text + spec.fill.repeat(missing);
  if (align === "^") {
    const left = Math.floor(missing / 2);
    return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
  }
  return spec.fill.repeat(missing) + text;
}

function formatNumber(value: PyNumber, spec: FormatSpec): string {
  const integral = spec.type === "" ? !isFloat(value) : "bcdoxXn".includes(spec.type) && isInt(value);
  if (integral) return formatInteger(value as number | bigint | boolean, spec);
  if (!"eEfFgGn%".includes(spec.type)) {
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`);
  }
  return formatDouble(toDouble(value), spec);
}

const RADIX: Record<string, number> = { b: 2, o: 8, x: 16, X: 16 };

function formatInteger(value: number | bigint | boolean, spec: FormatSpec): string {
  if (spec.precision !== undefined) throw valueError("Precision not allowed in integer format specifier");
  if (spec.type === "c") return pad(String.fromCodePoint(Number(value)), spec, "<");
  const big = toBigInt(value);
  const digits = (big < 0n ? -big : big).toString(RADIX[spec.type] ?? 10);
  const shown = spec.type === "X" ? digits.toUpperCase() : digits;
  const prefix = spec.alternate && RADIX[spec.type] ? `0${spec.type}` : "";
  return assemble(signOf(big < 0n, spec), prefix, shown, "", spec, RADIX[spec.type] ? 4 : 3);
}

function formatDouble(value: number, spec: FormatSpec): string {
  const negative = value < 0 || Object.is(value, -0);
  const body = doubleBody(Math.abs(value), spec);
  const shown = spec.type === "E" || spec.type === "G" || spec.type === "F" ? body.toUpperCase() : body;
  const match = /^(\d+)(.*)$/.exec(shown);
  if (!match) return assemble(signOf(negative, spec), "", shown, "", { ...spec, grouping: "" }, 3);
  return assemble(signOf(negative, spec), "", match[1] ?? "", match[2] ?? "", spec, 3);
}

function doubleBody(value: number, spec: FormatSpec): string {
  if (!Number.isFinite(value)) return `${Number.isNaN(value) ? "nan" : "inf"}${spec.type === "%" ? "%" : ""}`;
  switch (spec.type) {
    case "f":
    case "F":
      return withPoint(fixedText(value, spec.precision ?? 6), spec);
    case "e":
    case "E":
      return exponentText(value, spec.precision ?? 6);
    case "%":
      return `${fixedText(value * 100, spec.precision ?? 6)}%`;
    case "":
      if (spec.precision === undefined) return floatText(value);
      return ensureFraction(general(value, spec.precision || 1, spec.alternate, true));
    default:
      return general(value, spec.precision ?? 6, spec.alternate, false);
  }
}

const withPoint = (text: string, spec: FormatSpec): string =>
  spec.alternate && !text.includes(".") ? `${text}.` : text;

// format(1e5, ".6") keeps a fraction: 100000.0
const ensureFraction = (text: string): string => (/^\d+$/.test(text) ? `${text}.0` : text);

/** The `g` form: `precision` significant digits, exponent where short, trailing zeros dropped unless kept. */
export function general(value: number, precision: number, keepZeros: boolean, asRepr: boolean): string {
  const digits = precision || 1;
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(digits - 1, 100)).split("e")[1]);
  const scientific = exponent < -4 || exponent >= (asRepr ? digits - 0 : digits);
  const text = scientific
    ? exponentText(value, digits - 1)
    : fixedText(value, Math.max(0, digits - 1 - exponent));
  if (keepZeros) return text;
  const [mantissa = "", power] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return power === undefined ? short : `${short}e${power}`;
}

function signOf(negative: boolean, spec: FormatSpec): string {
  if (negative) return "-";
  return spec.sign === "+" || spec.sign === " " ? spec.sign : "";
}

function assemble(
  sign: string,
  prefix: string,
  whole: string,
  rest: string,
  spec: FormatSpec,
  group: number,
): string {
  const zeroFill = spec.align === "=" && spec.fill === "0";
  let digits = whole;
  if (spec.grouping) {
    digits = grouped(whole, spec.grouping, group);
    if (zeroFill) {
      const room = spec.width - sign.length - prefix.length - rest.length;
      let filled = whole;
      while (digits.length < room) {
        filled = `0${filled}`;
        digits = grouped(filled, spec.grouping, group);
      }
    }
  }
  const head = sign + prefix;
  if (spec.align === "=") {
    const missing = spec.width - head.length - digits.length - rest.length;
    return head + spec.fill.repeat(Math.max(0, missing)) + digits + rest;
  }
  return pad(head + digits + rest, spec, ">");
}

function grouped(digits: string, mark: string, size: number): string {
  return digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, "g"), mark);
}

/** The error of `%c` and `c` for a number that is no character. */
export const notACharacter = (): PythonError =>
  new PythonError("OverflowError", "%c arg not in range(0x110000)");
