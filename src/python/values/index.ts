/**
 * Python's values in JavaScript, for engines whose templates expect Python. The mapping:
 *
 * | Python | here |
 * |---|---|
 * | None | `null` |
 * | bool, str, list | `boolean`, `string`, array |
 * | int | `number` while safe, else `bigint` |
 * | float | `number` with a fraction (or not safe), else `PyFloat` |
 * | tuple, dict, set | `PyTuple`, `PyDict`, `PySet` |
 * | anything else | a subclass of `PyObject` |
 */

export { binary, merge, repeat, sum, unary } from "./arithmetic.ts";
export { attribute, callMethod, isCallable, methodOf } from "./attributes.ts";
export { allocate, Budget, BudgetExceeded, type BudgetLimits, spend, withBudget } from "./budget.ts";
export { fromJs, toJs } from "./convert.ts";
export { fixedText, roundDouble } from "./decimal-text.ts";
export { PyDict, PySet } from "./dict.ts";
export { DICT_METHODS, DICT_MUTATORS, update } from "./dict-methods.ts";
export { DictView } from "./dict-view.ts";
export { equal } from "./equality.ts";
export { format } from "./format-spec.ts";
export { contains, isIterable, itemsOf, iterate, length, lengthOf, list, unpack } from "./iteration.ts";
export { PyIterator } from "./iterator.ts";
export { dumpJson, type JsonOptions, parseJson } from "./json.ts";
export { keyFunction, LIST_METHODS, LIST_MUTATORS, sorted } from "./list-methods.ts";
export type { Method, MethodTable } from "./method.ts";
export {
  float,
  floatText,
  int,
  isFloat,
  isInt,
  isNumber,
  PyFloat,
  type PyNumber,
  parseFloatText,
  parseInteger,
  toBigInt,
  toDouble,
} from "./numbers.ts";
export {
  type BinaryOperator,
  type Kwargs,
  MISSING,
  type OrderOperator,
  PyFunction,
  PyObject,
  PyType,
  TextObject,
  textOf,
} from "./object.ts";
export { compare, order } from "./order.ts";
export { percentFormat, type Texter } from "./percent-format.ts";
export { plainLookup } from "./plain-lookup.ts";
export { prettyPrint } from "./pretty-print.ts";
export { attributeError, PythonError, type PythonErrorKind, typeError, valueError } from "./python-error.ts";
export { PyRange } from "./range.ts";
export { type Binder, binder, type Parameters, REQUIRED } from "./signature.ts";
export { type Slice, sliceItems } from "./slice.ts";
export { type FieldLookup, fromKwargs, strFormat } from "./str-format.ts";
export { fromMapping, STRING_METHODS, strip } from "./string-methods.ts";
export { item, itemIfAny, setItem, sliced } from "./subscript.ts";
export { ascii, quoteText, repr, str } from "./text.ts";
export { truth } from "./truth.ts";
export { PyTuple } from "./tuple.ts";
export { typeName } from "./type-name.ts";
export { characters, compareText, splitLines, substring, textLength, title } from "./unicode.ts";
