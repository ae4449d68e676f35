import fc from "fast-check";
import { expect, test } from "vitest";
import { collapseRange, expandRange } from "./ranges.ts";

test("numbers in ascending order come back from their ranges", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(numbers, (set) => {
      const ascending = set.toSorted((a, b) => a - b).map(String);
      expect(expandRange(collapseRange(ascending.join(",")).join(","))).toEqual(ascending);
    }),
  );
});

test("what is no range of numbers is refused", () => {
  expect(() => expandRange("1-x")).toThrow(RangeError);
  expect(expandRange("a,1-2")).toEqual(["a", "1", "2"]);
});
