import { expect, test } from "vitest";
import { deepDiff } from "./deepdiff.ts";
import { fromPlain, toPlain } from "./plain.ts";

function diff(before: unknown, after: unknown, ignoreOrder = false): unknown {
  return toPlain(deepDiff(fromPlain(before), fromPlain(after), { ignoreOrder }));
}

test("differences are reported by kind and path", () => {
  expect(diff({ a: [{ mask: "24", gone: 1 }] }, { a: [{ mask: "25", new: 2 }] })).toEqual({
    dictionary_item_added: ["root['a'][0]['new']"],
    dictionary_item_removed: ["root['a'][0]['gone']"],
    values_changed: { "root['a'][0]['mask']": { new_value: "25", old_value: "24" } },
  });
});

test("a value of another type is a change of type", () => {
  expect(diff({ a: 1 }, { a: "1" })).toEqual({
    type_changes: {
      "root['a']": { old_type: "<class 'int'>", new_type: "<class 'str'>", old_value: 1, new_value: "1" },
    },
  });
});

test("items at the end of the longer list are added or removed", () => {
  expect(diff([1], [1, 2])).toEqual({ iterable_item_added: { "root[1]": 2 } });
  expect(diff([1, 2], [1])).toEqual({ iterable_item_removed: { "root[1]": 2 } });
});

test("without order only what is missing counts", () => {
  expect(diff([1, 2, 3], [3, 1, 4], true)).toEqual({
    iterable_item_added: { "root[2]": 4 },
    iterable_item_removed: { "root[1]": 2 },
  });
});

test("equal values have no differences", () => {
  expect(diff({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual({});
});
