/**
 * Python's numbers in JavaScript:
 * - `int` is a safe integer `number`, or a `bigint` when it is larger;
 * - `float` is any other `number` (1.5, NaN, 1e300), or a {@link PyFloat} when its value is a safe integer (1.0).
 */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A Python number; `boolean` counts because Python's bool is an int. */
export type PyNumber = number | bigint | PyFloat | boolean;

/** The Python float of a JavaScript number. */
export function float(value: number): number | PyFloat {
  return Number.isSafeInteger(value) ? new PyFloat(value) : value;
}

/** The Python int of a bigint: small again where it fits. */
export function int(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

export function isFloat(value: unknown): value is number | PyFloat {
  return value instanceof PyFloat || (typeof value === "number" && !Number.isSafeInteger(value));
}

/** True for int and bool. */
export function isInt(value: unknown): value is number | bigint | boolean {
  return (
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isSafeInteger(value))
  );
}

export function isNumber(value: unknown): value is PyNumber {
  const type = typeof value;
  return type === "number" || type === "bigint" || type === "boolean" || value instanceof PyFloat;
}

/** The nearest JavaScript number. */
export function toDouble(value: PyNumber): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

/** An int as bigint. */
export function toBigInt(value: number | bigint | boolean): bigint {
  return BigInt(value);
}

/** Text of a float as Python prints it: `1.0`, `2.5e+100`, `1e-05`, `inf`, `nan`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const negative = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${negative}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${negative}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** Parses what Python's `int(text, base)` accepts, else undefined. Base 0 reads the prefix. */
export function parseInteger(text: string, base = 10): number | bigint | undefined {
  const match = /^\s*([+-]?)(?:0([xXoObB])_?)?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign, prefix, body = ""] = match;
  let digits = body.replaceAll("_", "").toLowerCase();
  let radix = base;
  const prefixed = { x: 16, o: 8, b: 2 }[prefix?.toLowerCase() ?? ""];
  if (prefixed !== undefined) {
    if (base !== 0 && base !== prefixed) {
      // "0b1" in base 16 is the number 0xB1: the prefix is a digit there.
      if (prefix?.toLowerCase() !== "b" || base < 12) return undefined;
      digits = `b${digits}`;
    } else radix = prefixed;
  } else if (base === 0) {
    if (/^0+[1-9]/.test(digits)) return undefined;
    radix = 10;
  }
  if (radix < 2 || radix > 36) return undefined;
  // int() refuses more digits than this in decimal, so that a text cannot buy quadratic time.
  if (digits.length > 4300) return undefined;
  let value = 0n;
  const bigRadix = BigInt(radix);
  if (digits.length <= 9) {
    const small = Number.parseInt(digits, radix);
    if (![...digits].every((d) => Number.parseInt(d, radix) >= 0)) return undefined;
    return sign === "-" ? -small || 0 : small;
  }
  for (const digit of digits) {
    const d = Number.parseInt(digit, radix);
    if (!(d >= 0)) return undefined;
    value = value * bigRadix + BigInt(d);
  }
  return int(sign === "-" ? -value : value);
}

/** Parses what Python's `float(text)` accepts, else undefined. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim().replace(/(?<=\d)_(?=\d)/g, "");
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (!special) return undefined;
  if (special[2]?.toLowerCase() === "nan") return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
