import fc from "fast-check";
import { expect, test } from "vitest";
import { jsRegExp } from "./pcre.ts";

test("a possessive quantifier matches what the greedy one does", () => {
  expect(jsRegExp(String.raw`^\w{1,63}#\s?+$`).source).toBe(String.raw`^\w{1,63}#\s?$`);
});

test("an open lower bound is zero", () => {
  expect(jsRegExp(String.raw`^\S{,3}>`).test(">")).toBe(true);
});

test("escaped signs and signs in a set stay as they are", () => {
  const source = String.raw`^[?+*\]]\?\+x$`;
  expect(jsRegExp(source).source).toBe(source);
});

test("a bracket that begins a set belongs to it", () => {
  expect(jsRegExp("^[]a]+$").test("]a]")).toBe(true);
  expect(jsRegExp("^[^]a]+$").test("]")).toBe(false);
});

test("prompts match at the end of any line and without regard to case", () => {
  expect(jsRegExp("^router>$").test("banner\nROUTER>")).toBe(true);
});

test("text without special signs is its own pattern", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 _-]+$/), (text) => {
      expect(jsRegExp(text).source).toBe(text);
    }),
  );
});
