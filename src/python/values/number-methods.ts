import { type Method, method } from "./method.ts";
import { float, isFloat, type PyNumber, toBigInt, toDouble } from "./numbers.ts";
import { PyTuple } from "./tuple.ts";

/** The methods of `int`, `bool` and `float`. */
export const NUMBER_METHODS: ReadonlyMap<string, Method<PyNumber>> = new Map<string, Method<PyNumber>>([
  method("bit_length", {}, (self) => {
    const big = toBigInt(Math.trunc(toDouble(self)));
    const size = big < 0n ? -big : big;
    return size === 0n ? 0 : size.toString(2).length;
  }),
  method(
    "bit_count",
    {},
    (self) =>
      toBigInt(self as bigint)
        .toString(2)
        .replace(/[^1]/g, "").length,
  ),
  method("is_integer", {}, (self) => Number.isInteger(toDouble(self))),
  method("conjugate", {}, (self) => self),
  method("as_integer_ratio", {}, (self) => PyTuple.of(self, 1)),
]);

/** The attributes of numbers that are not methods. */
export const NUMBER_ATTRIBUTES: ReadonlyMap<string, (value: PyNumber) => unknown> = new Map<
  string,
  (value: PyNumber) => unknown
>([
  ["real", (value) => value],
  ["imag", (value) => (isFloat(value) ? float(0) : 0)],
  ["numerator", (value) => value],
  ["denominator", () => 1],
]);
