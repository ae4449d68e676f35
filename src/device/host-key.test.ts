import { expect, test } from "vitest";
import { fingerprint, isKnown } from "./host-key.ts";

const found = fingerprint(Buffer.from("key"));

test("a fingerprint looks as ssh-keygen prints it", () => {
  expect(found).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
});

test("only listed keys are known, with or without prefix and padding", () => {
  expect(isKnown(found, [found])).toBe(true);
  expect(isKnown(found, ["SHA256:other", `${found.slice(7)}=`])).toBe(true);
  expect(isKnown(found, [fingerprint(Buffer.from("another"))])).toBe(false);
  expect(isKnown(found, [])).toBe(false);
});
