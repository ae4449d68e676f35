import { allocate } from "./budget.ts";
import { PyDict, PySet } from "./dict.ts";
import { asSet } from "./equality.ts";
import { float, int, isFloat, isInt, isNumber, type PyNumber, toBigInt, toDouble } from "./numbers.ts";
import { type BinaryOperator, MISSING, PyObject } from "./object.ts";
import { percentFormat } from "./percent-format.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

/** Python's `a <operator> b` for the arithmetic operators. */
export function binary(operator: BinaryOperator, a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return ofNumbers(operator, a, b);
  if (operator === "+" && typeof a === "string" && typeof b === "string") {
    allocate(a.length + b.length);
    return a + b;
  }
  if (a instanceof PyObject) {
    const answer = a.binary(operator, b, false);
    if (answer !== MISSING) return answer;
  }
  if (b instanceof PyObject) {
    const answer = b.binary(operator, a, true);
    if (answer !== MISSING) return answer;
  }
  if (isNumber(a) && isNumber(b)) return ofNumbers(operator, a, b);
  const answer = ofContainers(operator, a, b);
  if (answer !== MISSING) return answer;
  if (operator === "+" && (typeof a === "string" || Array.isArray(a) || a instanceof PyTuple)) {
    throw typeError(`can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
  }
  if (operator === "*" && (isSequence(a) || isSequence(b))) {
    const other = isSequence(a) ? b : a;
    throw typeError(`can't multiply sequence by non-int of type '${typeName(other)}'`);
  }
  const shown = operator === "**" ? "** or pow()" : operator;
  throw typeError(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** Python's `-a` and `+a`. */
export function unary(operator: "+" | "-", a: unknown): unknown {
  if (a instanceof PyObject) return a.unary(operator);
  if (!isNumber(a)) throw typeError(`bad operand type for unary ${operator}: '${typeName(a)}'`);
  const negative = operator === "-";
  if (isFloat(a)) return float(negative ? -toDouble(a) : toDouble(a));
  if (typeof a === "bigint") return int(negative ? -a : a);
  const value = Number(a);
  return negative ? -value || 0 : value;
}

const isSequence = (value: unknown): boolean =>
  typeof value === "string" || Array.isArray(value) || value instanceof PyTuple;

function ofContainers(operator: BinaryOperator, a: unknown, b: unknown): unknown {
  if (operator === "%" && typeof a === "string") return percentFormat(a, b);
  if (operator === "+") {
    if (Array.isArray(a) && Array.isArray(b)) {
      allocate(a.length + b.length);
      return a.concat(b);
    }
    if (a instanceof PyTuple && b instanceof PyTuple) {
      allocate(a.items.length + b.items.length);
      return new PyTuple([...a.items, ...b.items]);
    }
  }
  if (operator === "*") {
    if (isInt(b) && isSequence(a)) return repeat(a, Number(b));
    if (isInt(a) && isSequence(b)) return repeat(b, Number(a));
  }
  if (operator === "-") {
    const left = asSet(a);
    const right = asSet(b);
    if (left && right) return new PySet(left.values().filter((item) => !right.has(item)));
  }
  return MISSING;
}

/** Python's `sequence * count`. */
export function repeat(sequence: unknown, count: number): unknown {
  const times = Math.max(0, count);
  if (typeof sequence === "string") {
    allocate(sequence.length * times);
    return sequence.repeat(times);
  }
  const items = sequence instanceof PyTuple ? sequence.items : (sequence as readonly unknown[]);
  allocate(items.length * times);
  const out: unknown[] = [];
  for (let i = 0; i < times; i++) for (const item of items) out.push(item);
  return sequence instanceof PyTuple ? new PyTuple(out) : out;
}

function ofNumbers(operator: BinaryOperator, a: PyNumber, b: PyNumber): unknown {
  if (operator === "/") return divide(a, b);
  if (isFloat(a) || isFloat(b)) return ofDoubles(operator, toDouble(a), toDouble(b));
  if (typeof a !== "bigint" && typeof b !== "bigint" && operator !== "**") {
    const small = ofSmall(operator, Number(a), Number(b));
    if (Number.isSafeInteger(small)) return small === 0 ? 0 : small;
  }
  return ofBig(operator, toBigInt(a as bigint), toBigInt(b as bigint));
}

function ofSmall(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "//":
      if (b === 0) throw zeroDivision("integer division or modulo by zero");
      return Math.floor((a - moduloOf(a, b)) / b);
    default:
      if (b === 0) throw zeroDivision("integer modulo by zero");
      return moduloOf(a, b);
  }
}

// The sign of Python's % is the divisor's.
function moduloOf(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function ofBig(operator: BinaryOperator, a: bigint, b: bigint): unknown {
  switch (operator) {
    case "+":
      return int(a + b);
    case "-":
      return int(a - b);
    case "*":
      allocate((bits(a) + bits(b)) / 8);
      return int(a * b);
    case "**":
      return power(a, b);
  }
  if (b === 0n) {
    throw zeroDivision(operator === "%" ? "integer modulo by zero" : "integer division or modulo by zero");
  }
  const rest = a % b;
  const modulo = rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
  return int(operator === "%" ? modulo : (a - modulo) / b);
}

function power(a: bigint, b: bigint): unknown {
  if (b < 0n) return ofDoubles("**", Number(a), Number(b));
  // 2 ** 10 ** 9 would be a number of 120 MB; 2^20 bits are 300,000 digits.
  const size = bits(a) * Number(b);
  if (size > 2 ** 20) throw new PythonError("OverflowError", "the result of ** has more than 1048576 bits");
  allocate(size / 8);
  return int(a ** b);
}

const bits = (value: bigint): number =>
  (value < 0n ? -value : value) > 1n ? value.toString(16).length * 4 : 1;

function ofDoubles(operator: BinaryOperator, a: number, b: number): unknown {
  switch (operator) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "//":
      if (b === 0) throw zeroDivision("float floor division by zero");
      return float(Math.floor((a - moduloOf(a, b)) / b));
    case "%":
      if (b === 0) throw zeroDivision("float modulo");
      return float(moduloOf(a, b));
    default:
      if (a === 0 && b < 0) throw zeroDivision("0.0 cannot be raised to a negative power");
      if (a < 0 && !Number.isInteger(b))
        throw valueError("a negative number to a fractional power is complex");
      return float(a ** b);
  }
}

function divide(a: PyNumber, b: PyNumber): unknown {
  const divisor = toDouble(b);
  if (divisor === 0)
    throw zeroDivision(isFloat(a) || isFloat(b) ? "float division by zero" : "division by zero");
  return float(toDouble(a) / divisor);
}

const zeroDivision = (message: string): PythonError => new PythonError("ZeroDivisionError", message);

/** Python's `sum(values, start)`. */
export function sum(values: Iterable<unknown>, start: unknown = 0): unknown {
  let total = start;
  for (const value of values) total = binary("+", total, value);
  return total;
}

/** Merges dicts, the later winning: `{**a, **b}`. */
export function merge(...dicts: readonly PyDict[]): PyDict {
  const out = new PyDict();
  for (const dict of dicts) for (const [key, value] of dict.items()) out.set(key, value);
  return out;
}
