import { expect, test } from "vitest";
import { parseXml } from "../../../../src/device/xml/index.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { macAddress } from "../values/mac-address.ts";
import { decimal, firstText, integer, orAsItIs, required } from "./fields.ts";

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

test("a text of another kind stays as it is; other errors do not vanish", () => {
  expect([orAsItIs(macAddress, "0011.2233.4455"), orAsItIs(macAddress, "rack 7")]).toEqual([
    "00:11:22:33:44:55",
    "rack 7",
  ]);
  const broken = (): string => {
    throw new TypeError("broken");
  };
  expect(() => orAsItIs(broken, "")).toThrow(TypeError);
  expect(() => macAddress("rack 7")).toThrow(InvalidValue);
});
