import { spend } from "./budget.ts";
import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { isNumber, PyFloat } from "./numbers.ts";
import { PyObject, TextObject } from "./object.ts";
import { PyTuple } from "./tuple.ts";

/** Python's `a == b`: never fails, `1 == 1.0 == True`, containers by their items. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "string" && typeof b === "string") return false;
  const left = a instanceof TextObject ? a.text : a;
  const right = b instanceof TextObject ? b.text : b;
  if (left instanceof PyObject) return left.equals(right);
  if (right instanceof PyObject) return right.equals(left);
  if (typeof left === "string" || typeof right === "string") return left === right;
  if (isNumber(left)) return isNumber(right) && equalNumbers(left, right);
  if (left === null || left === undefined) return right === null || right === undefined;
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right);
  if (left instanceof PyTuple) return right instanceof PyTuple && equalItems(left.items, right.items);
  if (left instanceof PyDict) return right instanceof PyDict && equalDicts(left, right);
  const leftSet = asSet(left);
  const rightSet = asSet(right);
  return (
    leftSet !== undefined &&
    rightSet !== undefined &&
    isSubset(leftSet, rightSet) &&
    leftSet.size === rightSet.size
  );
}

function equalNumbers(a: unknown, b: unknown): boolean {
  const left = a instanceof PyFloat ? a.value : typeof a === "boolean" ? Number(a) : a;
  const right = b instanceof PyFloat ? b.value : typeof b === "boolean" ? Number(b) : b;
  if (typeof left === typeof right) return left === right;
  // One is a bigint, so beyond the safe integers, the other a number: equal when the number is that very integer.
  const [big, double] = typeof left === "bigint" ? [left, right] : [right, left];
  return typeof double === "number" && Number.isInteger(double) && BigInt(double) === big;
}

function equalItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  spend(a.length);
  return a.every((item, i) => equal(item, b[i]));
}

function equalDicts(a: PyDict, b: PyDict): boolean {
  if (a.size !== b.size) return false;
  spend(a.size);
  for (const [key, value] of a.items()) {
    if (!b.has(key) || !equal(value, b.get(key))) return false;
  }
  return true;
}

/** A set, or the keys or items of a dict, as a set; else undefined. */
export function asSet(value: unknown): PySet | undefined {
  if (value instanceof PySet) return value;
  return value instanceof DictView && value.of !== "values" ? new PySet(value) : undefined;
}

export function isSubset(a: PySet, b: PySet): boolean {
  for (const item of a.values()) if (!b.has(item)) return false;
  return true;
}
