import { PyDict, PySet } from "./dict.ts";
import { isInt } from "./numbers.ts";
import { PyObject, TextObject, textOf } from "./object.ts";
import { PythonError, typeError } from "./python-error.ts";
import { PyRange } from "./range.ts";
import { type Slice, sliceItems } from "./slice.ts";
import { repr } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";
import { characters } from "./unicode.ts";

/** Python's `container[key]`: KeyError, IndexError or TypeError when there is none. */
export function item(container: unknown, key: unknown): unknown {
  if (container instanceof PyDict) {
    if (!container.has(key)) throw new PythonError("KeyError", repr(key));
    return container.get(key);
  }
  if (Array.isArray(container)) return at(container, key, "list");
  if (container instanceof PyTuple) return at(container.items, key, "tuple");
  const text = textOf(container);
  if (text !== undefined) return at(characters(text), key, "string");
  if (container instanceof PyRange && isInt(key)) return container.at(Number(key));
  if (container instanceof PyObject) return container.item(key);
  throw typeError(`'${typeName(container)}' object is not subscriptable`);
}

/** The item, or undefined where {@link item} would fail: for engines that look before they complain. Objects may still throw. */
export function itemIfAny(container: unknown, key: unknown): unknown {
  if (container instanceof PyDict) return isHashable(key) ? container.get(key) : undefined;
  const items = Array.isArray(container)
    ? container
    : container instanceof PyTuple
      ? container.items
      : undefined;
  const sequence = items ?? textOf(container);
  if (sequence === undefined) {
    if (container instanceof PyObject) return item(container, key);
    return undefined;
  }
  if (!isInt(key)) return undefined;
  const places = typeof sequence === "string" ? characters(sequence) : sequence;
  const place = placeOf(places.length, key, "list");
  if (place === undefined) return undefined;
  return container instanceof TextObject ? container.item(key) : places[place];
}

const isHashable = (key: unknown): boolean =>
  !Array.isArray(key) && !(key instanceof PyDict) && !(key instanceof PySet) && !(key instanceof PyTuple);

/** Python's `container[start:stop:step]`. */
export function sliced(container: unknown, slice: Slice): unknown {
  if (Array.isArray(container)) return sliceItems(container, slice);
  if (container instanceof PyTuple) return new PyTuple(sliceItems(container.items, slice));
  const text = textOf(container);
  if (text !== undefined) return sliceItems(characters(text), slice).join("");
  if (container instanceof PyRange) return container.slice(slice);
  if (container instanceof PyDict) throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeName(container)}' object is not subscriptable`);
}

/** Python's `container[key] = value`. */
export function setItem(container: unknown, key: unknown, value: unknown): void {
  if (container instanceof PyDict) container.set(key, value);
  else if (Array.isArray(container)) {
    const place = placeOf(container.length, key, "list");
    if (place === undefined) throw new PythonError("IndexError", "list assignment index out of range");
    container[place] = value;
  } else throw typeError(`'${typeName(container)}' object does not support item assignment`);
}

/** The place of a possibly negative index in a sequence, or undefined when it is outside. */
export function placeOf(length: number, key: unknown, kind: string): number | undefined {
  if (!isInt(key)) throw typeError(`${kind} indices must be integers or slices, not ${typeName(key)}`);
  const index = Number(key);
  const place = index < 0 ? index + length : index;
  return place >= 0 && place < length ? place : undefined;
}

function at(items: readonly unknown[], key: unknown, kind: "list" | "tuple" | "string"): unknown {
  if (kind === "string" && !isInt(key))
    throw typeError(`string indices must be integers, not '${typeName(key)}'`);
  const place = placeOf(items.length, key, kind);
  if (place === undefined) throw new PythonError("IndexError", `${kind} index out of range`);
  return items[place];
}
