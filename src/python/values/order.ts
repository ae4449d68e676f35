import { spend } from "./budget.ts";
import type { PySet } from "./dict.ts";
import { asSet, equal, isSubset } from "./equality.ts";
import { isNumber, PyFloat } from "./numbers.ts";
import { MISSING, type OrderOperator, PyObject, textOf } from "./object.ts";
import { typeError } from "./python-error.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";
import { compareText } from "./unicode.ts";

/** Python's `a < b` and its kin; a TypeError for values without an order. */
export function order(operator: OrderOperator, a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return decide(operator, a - b, a, b);
  const left = textOf(a);
  const right = textOf(b);
  if (left !== undefined && right !== undefined) return sign(operator, compareText(left, right));
  if (isNumber(a) && isNumber(b)) {
    const x = a instanceof PyFloat ? a.value : typeof a === "boolean" ? Number(a) : a;
    const y = b instanceof PyFloat ? b.value : typeof b === "boolean" ? Number(b) : b;
    if (Number.isNaN(x) || Number.isNaN(y)) return false;
    return sign(operator, x < y ? -1 : x > y ? 1 : 0);
  }
  if (Array.isArray(a) && Array.isArray(b)) return orderItems(operator, a, b);
  if (a instanceof PyTuple && b instanceof PyTuple) return orderItems(operator, a.items, b.items);
  if (a instanceof PyObject) {
    const answer = a.order(operator, b);
    if (answer !== MISSING) return answer;
  }
  if (b instanceof PyObject) {
    const answer = b.order(MIRROR[operator], a);
    if (answer !== MISSING) return answer;
  }
  const leftSet = asSet(a);
  const rightSet = asSet(b);
  if (leftSet && rightSet) return orderSets(operator, leftSet, rightSet);
  throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Sort order by Python's `<`, for `Array.sort`; stable, and a TypeError for values without an order. */
export function compare(a: unknown, b: unknown): number {
  spend();
  if (order("<", a, b)) return -1;
  return order("<", b, a) ? 1 : 0;
}

const MIRROR: Record<OrderOperator, OrderOperator> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function decide(operator: OrderOperator, difference: number, a: number, b: number): boolean {
  // Infinity minus itself is NaN, yet equal.
  return sign(operator, Number.isNaN(difference) && a === b ? 0 : difference);
}

function sign(operator: OrderOperator, difference: number): boolean {
  switch (operator) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}

function orderItems(operator: OrderOperator, a: readonly unknown[], b: readonly unknown[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    spend();
    if (!equal(a[i], b[i])) return order(operator, a[i], b[i]);
  }
  return sign(operator, a.length - b.length);
}

function orderSets(operator: OrderOperator, a: PySet, b: PySet): boolean {
  const within = operator.startsWith("<") ? isSubset(a, b) : isSubset(b, a);
  return within && (operator.endsWith("=") || a.size !== b.size);
}
