import { expect, test } from "vitest";
import { tabular } from "./tabular.ts";

test("rows from lists of lists share one table; lists are joined, other structures are JSON", () => {
  const value = [[[{ a: "1", b: ["x", "y"] }]], { a: null, c: { d: 1 } }];
  expect(tabular(value)).toBe('A  B     C\n1  x, y\n         {"d":1}\n');
});

test("what holds no rows is refused with a way out", () => {
  expect(() => tabular(["text"])).toThrow("the result is no list of rows: use -o json or -o yaml");
});

test("no rows are no table", () => {
  expect(tabular([])).toBe("");
});
