import { float, int, isFloat, isInt, toBigInt, toDouble } from "../values/numbers.ts";
import { typeError } from "../values/python-error.ts";
import { PyTuple } from "../values/tuple.ts";

/** Results larger than this many characters, items or bits are refused: a literal must not fill the memory. */
const MAX_SIZE = 1_000_000;

/** `left op right` for numbers, and `+` and `*` for text and lists. Throws a TypeError for anything else. */
export function binary(op: string, left: unknown, right: unknown): unknown {
  const a = integer(left);
  const b = integer(right);
  if (a !== undefined && b !== undefined) return integers(op, a, b);
  const x = real(left);
  const y = real(right);
  if (x !== undefined && y !== undefined) return reals(op, x, y);
  if (op === "+") return concatenate(left, right);
  if (op === "*" && b !== undefined) return repeat(left, b);
  if (op === "*" && a !== undefined) return repeat(right, a);
  throw unsupported(op);
}

/** `-value`. */
export function negate(value: unknown): unknown {
  if (isFloat(value)) return float(-toDouble(value));
  const number = integer(value);
  if (number === undefined) throw typeError("bad operand type for unary -");
  return int(-number);
}

function integers(op: string, a: bigint, b: bigint): unknown {
  switch (op) {
    case "+":
      return int(a + b);
    case "-":
      return int(a - b);
    case "*":
      return int(a * b);
    case "//":
      return int(floorDivide(a, b));
    case "%":
      return int(a - floorDivide(a, b) * b);
    case "**":
      if (b < 0n) return reals(op, Number(a), Number(b));
      if (BigInt(a.toString(2).length) * b > BigInt(MAX_SIZE)) throw typeError("the power is too large");
      return int(a ** b);
    default:
      return reals(op, Number(a), Number(b));
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw typeError("integer division or modulo by zero");
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function reals(op: string, x: number, y: number): unknown {
  if (y === 0 && (op === "/" || op === "//" || op === "%")) throw typeError("division by zero");
  switch (op) {
    case "+":
      return float(x + y);
    case "-":
      return float(x - y);
    case "*":
      return float(x * y);
    case "/":
      return float(x / y);
    case "//":
      return float(Math.floor(x / y));
    case "%":
      return float(x - Math.floor(x / y) * y);
    default:
      return float(x ** y);
  }
}

function concatenate(left: unknown, right: unknown): unknown {
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (left instanceof PyTuple && right instanceof PyTuple)
    return new PyTuple([...left.items, ...right.items]);
  throw unsupported("+");
}

function repeat(value: unknown, times: bigint): unknown {
  const count = times < 0n ? 0 : Number(times);
  const size = typeof value === "string" || Array.isArray(value) ? value.length : 0;
  if (size * count > MAX_SIZE) throw typeError("the repetition is too large");
  if (typeof value === "string") return value.repeat(count);
  if (Array.isArray(value)) return Array.from({ length: count }, () => value).flat();
  throw unsupported("*");
}

function integer(value: unknown): bigint | undefined {
  return isInt(value) ? toBigInt(value) : undefined;
}

function real(value: unknown): number | undefined {
  return isFloat(value) || isInt(value) ? toDouble(value) : undefined;
}

function unsupported(op: string): Error {
  return typeError(`unsupported operand types for ${op}`);
}
