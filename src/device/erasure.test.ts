import fc from "fast-check";
import { expect, test } from "vitest";
import { Erasure } from "./erasure.ts";

function wiped(...texts: string[]): string {
  const erasure = new Erasure();
  erasure.begin();
  return texts.map((text) => erasure.filter(text)).join("");
}

test.each([
  ["backspaces, blanks, backspaces", `${"\b".repeat(10)}${" ".repeat(10)}${"\b".repeat(10)}next`, "next"],
  ["a carriage return, blanks, a carriage return", "\n          \nnext", "next"],
  ["only a carriage return", "\nnext", "next"],
  ["nothing at all", "next", "next"],
])("%s are dropped", (_how, text, rest) => {
  expect(wiped(text)).toBe(rest);
});

test("the next line keeps its indentation", () => {
  expect(wiped("\n ip address 10.0.0.1")).toBe(" ip address 10.0.0.1");
  expect(wiped(`${"\b".repeat(9)}         ${"\b".repeat(9)}   indented`)).toBe("   indented");
});

test("it does not depend on how the text was cut", () => {
  const text = fc
    .array(fc.constantFrom("\b", " ", "\n", "x"), { maxLength: 20 })
    .map((parts) => `${parts.join("")}end`);
  fc.assert(
    fc.property(text, fc.nat({ max: 20 }), (whole, cut) => {
      expect(wiped(whole.slice(0, cut), whole.slice(cut))).toBe(wiped(whole));
    }),
  );
});
