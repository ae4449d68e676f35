import {
  binary,
  contains,
  equal,
  isCallable,
  isFloat,
  isInt,
  isIterable,
  isNumber,
  lengthOf,
  order,
  PyDict,
  PySet,
  PyTuple,
  REQUIRED,
  str,
  textOf,
} from "../../../src/python/values/index.ts";
import { type TestFunction, test } from "./filter.ts";
import { Markup } from "./markup.ts";
import { Undefined } from "./undefined.ts";

const simple = (run: (value: unknown) => boolean): TestFunction => test({}, (_context, value) => run(value));
const pair = (run: (value: unknown, other: unknown) => boolean): TestFunction =>
  test({ other: REQUIRED }, (_context, value, other) => run(value, other));

const ordered = (operator: "<" | "<=" | ">" | ">="): TestFunction => pair((a, b) => order(operator, a, b));
const equals = pair(equal);
const differs = pair((a, b) => !equal(a, b));

/** Python's `is`: the same object; small values are the same when they are equal and of one type. */
function same(a: unknown, b: unknown): boolean {
  return a === b || (isFloat(a) && isFloat(b) && str(a) === str(b) && typeof a === typeof b);
}

const isString = (value: unknown): boolean => textOf(value) !== undefined;

/** Python's case tests: only the letters count, and there must be one. */
function hasCase(value: unknown, upper: boolean): boolean {
  const text = str(value);
  return text !== text.toLowerCase() || text !== text.toUpperCase()
    ? text === (upper ? text.toUpperCase() : text.toLowerCase())
    : false;
}

function isSequence(value: unknown): boolean {
  if (value instanceof Undefined) return value.length() === 0;
  return (
    Array.isArray(value) ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    isString(value) ||
    (lengthOf(value) !== undefined && !(value instanceof PySet) && hasItems(value))
  );
}

const hasItems = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "typeName" in value && value.typeName === "range";

/** Jinja2's tests by name. */
export const TESTS: ReadonlyMap<string, TestFunction> = new Map<string, TestFunction>([
  ["odd", simple((v) => equal(binary("%", v, 2), 1))],
  ["even", simple((v) => equal(binary("%", v, 2), 0))],
  ["divisibleby", test({ num: REQUIRED }, (_c, v, num) => equal(binary("%", v, num), 0))],
  ["defined", simple((v) => !(v instanceof Undefined))],
  ["undefined", simple((v) => v instanceof Undefined)],
  ["filter", test({}, (context, v) => typeof v === "string" && context.environment.filters.has(v))],
  ["test", test({}, (context, v) => typeof v === "string" && context.environment.tests.has(v))],
  ["none", simple((v) => v === null)],
  ["boolean", simple((v) => typeof v === "boolean")],
  ["false", simple((v) => v === false)],
  ["true", simple((v) => v === true)],
  ["integer", simple((v) => isInt(v) && typeof v !== "boolean")],
  ["float", simple(isFloat)],
  ["lower", simple((v) => hasCase(v, false))],
  ["upper", simple((v) => hasCase(v, true))],
  ["string", simple(isString)],
  ["mapping", simple((v) => v instanceof PyDict)],
  ["number", simple(isNumber)],
  ["sequence", simple(isSequence)],
  ["iterable", simple(isIterable)],
  ["callable", simple(isCallable)],
  ["sameas", pair(same)],
  ["escaped", simple((v) => v instanceof Markup)],
  ["in", pair((value, container) => contains(container, value))],
  ["==", equals],
  ["eq", equals],
  ["equalto", equals],
  ["!=", differs],
  ["ne", differs],
  [">", ordered(">")],
  ["gt", ordered(">")],
  ["greaterthan", ordered(">")],
  [">=", ordered(">=")],
  ["ge", ordered(">=")],
  ["<", ordered("<")],
  ["lt", ordered("<")],
  ["lessthan", ordered("<")],
  ["<=", ordered("<=")],
  ["le", ordered("<=")],
]);
