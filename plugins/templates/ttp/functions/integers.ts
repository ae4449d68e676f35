import {
  float,
  isInt,
  isNumber,
  type PyFloat,
  parseFloatText,
  parseInteger,
  toDouble,
} from "../../../../src/python/values/numbers.ts";
import { typeError, valueError } from "../../../../src/python/values/python-error.ts";
import { quoteText } from "../../../../src/python/values/text.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";

/** Python's `int(value)`. Throws ValueError for text that is no number, TypeError for other values. */
export function toInteger(value: unknown): number | bigint {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "bigint" || (typeof value === "number" && isInt(value))) return value;
  if (isNumber(value)) return Math.trunc(toDouble(value));
  if (typeof value !== "string") {
    throw typeError(
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  }
  const parsed = parseInteger(asciiDigits(value));
  if (parsed === undefined) throw valueError(`invalid literal for int() with base 10: ${quoteText(value)}`);
  return parsed;
}

/** Python's `float(value)`. Throws ValueError and TypeError as toInteger does. */
export function toFloat(value: unknown): number | PyFloat {
  if (isNumber(value)) return float(toDouble(value));
  if (typeof value !== "string")
    throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  const parsed = parseFloatText(asciiDigits(value));
  if (parsed === undefined) throw valueError(`could not convert string to float: ${quoteText(value)}`);
  return float(parsed);
}

/** Decimal digits of other scripts count as those of ours. */
function asciiDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => (/\p{Nd}/u.test(char) ? String(digitValue(char)) : char));
}

function digitValue(digit: string): number {
  let value = 0;
  for (
    let code = (digit.codePointAt(0) ?? 0) - 1;
    /\p{Nd}/u.test(String.fromCodePoint(code)) && value < 9;
    code -= 1
  )
    value += 1;
  return value;
}
