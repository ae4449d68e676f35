import { expect, test } from "vitest";
import { parseXml } from "../../../../src/device/xml/index.ts";
import { decimal, firstText, integer, required } from "./fields.ts";

const from = parseXml("<a><n> 12 </n><d>-0.5e1</d><none/><word>many</word><last>x</last></a>");

test("numbers are read, and what is absent or empty has a value of its own", () => {
  expect([integer(from, "n"), decimal(from, "d"), required(from, "n")]).toEqual([12, -5, 12]);
  expect([integer(from, "none"), integer(from, "nowhere", -1), decimal(from, "none", 2)]).toEqual([0, -1, 2]);
});

test("what is no number fails with the text and the place", () => {
  expect(() => integer(from, "word")).toThrow('"many" is not a whole number (word)');
  expect(() => integer(from, "d")).toThrow("whole number");
  expect(() => decimal(from, "word")).toThrow("a number (word)");
  expect(() => required(from, "none")).toThrow('"" is not a number (none)');
});

test("of several places the first that has a text counts", () => {
  expect(firstText(from, ["nowhere", "none", "last", "word"])).toBe("x");
  expect(firstText(from, ["none"])).toBe("");
});
