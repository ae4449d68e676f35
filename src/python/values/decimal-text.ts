/**
 * A double with exactly `places` decimals, ties to even as Python does it; JavaScript's `toFixed` rounds ties up and gives up at 1e21.
 * The value must be finite.
 */
export function fixedText(value: number, places: number): string {
  const negative = value < 0 || Object.is(value, -0);
  const [numerator, denominator] = fraction(Math.abs(value));
  const digits = roundedQuotient(numerator * 10n ** BigInt(places), denominator)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return negative ? `-${text}` : text;
}

/** A double as `d.ddde+XX` with `places` decimals in the mantissa, ties to even. The value must be finite. */
export function exponentText(value: number, places: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential(Math.min(places, 100)).split("e");
  const size = Math.abs(Number(exponent));
  const sign = Number(exponent) < 0 ? "-" : "+";
  const filled = places > 100 ? mantissa + "0".repeat(places - 100) : mantissa;
  const minus = Object.is(value, -0) ? "-" : "";
  return `${minus}${filled}e${sign}${String(size).padStart(2, "0")}`;
}

/** The exact value of a non-negative double as a fraction. */
function fraction(value: number): [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = bits & 0xfffffffffffffn;
  const significand = exponent === 0 ? mantissa : mantissa | 0x10000000000000n;
  const shift = (exponent === 0 ? 1 : exponent) - 1075;
  return shift >= 0 ? [significand << BigInt(shift), 1n] : [significand, 1n << BigInt(-shift)];
}

function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** Python's `round(value, places)` for floats; `places` may be negative. */
export function roundDouble(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 323) return value;
  if (places >= 0) return Number(fixedText(value, places));
  const scale = 10 ** -places;
  const scaled = value / scale;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const even = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return even * scale;
}
