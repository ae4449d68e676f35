import fc from "fast-check";
import { expect, test } from "vitest";
import { Redactor, sessionLog } from "./session-log.ts";

test.each([
  [["user pass1234\n"], "user ********\n"],
  [["user pass", "1234\nmore"], "user ********\nmore"],
  [["p", "a", "s", "s", "1", "2", "3", "4"], "********"],
  [["user pass"], "user ********"],
])("%j becomes %j", (parts, expected) => {
  const redactor = new Redactor(["pass1234"]);
  expect(parts.map((part) => redactor.push(part)).join("") + redactor.end()).toBe(expected);
});

test("no secret ever gets through, however the text is cut", () => {
  const letters = fc.constantFrom("a", "b", "c");
  const secret = fc.array(letters, { minLength: 2, maxLength: 5 }).map((l) => l.join(""));
  const parts = fc.array(
    fc.array(letters, { maxLength: 4 }).map((l) => l.join("")),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(secret, secret, parts, (one, two, pieces) => {
      const redactor = new Redactor([one, two]);
      const seen = pieces.map((piece) => redactor.push(piece)).join("") + redactor.end();
      expect(seen).not.toContain(one);
      expect(seen).not.toContain(two);
    }),
    { numRuns: 2000 },
  );
});

test("a code that is made during the session is masked from then on, however the text is cut", () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom("1", "2", "x", "123123"), maxLength: 6 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(pieces, pieces, (early, late) => {
      const redactor = new Redactor(["xx"]);
      const before = early.map((piece) => redactor.push(piece)).join("");
      redactor.add(["123123"]);
      const after = late.map((piece) => redactor.push(piece)).join("") + redactor.end();
      expect(after).not.toContain("123123");
      expect(before + after).not.toContain("xx");
    }),
    { numRuns: 1000 },
  );
});

test("text without secrets passes unchanged", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("x", "y", " ") })), (pieces) => {
      const redactor = new Redactor(["secret", undefined, ""]);
      expect(pieces.map((piece) => redactor.push(piece)).join("") + redactor.end()).toBe(pieces.join(""));
    }),
  );
});

test("what is sent is logged only when asked for, and a secret never", () => {
  const seen: string[] = [];
  const log = sessionLog(["hidden"], (direction, text) => seen.push(`${direction}: ${text}`), {
    recordsWrites: true,
  });
  log.sent("show version\n", false);
  log.sent("hidden\n", true);
  log.sent("username x password hidden\n", false);
  log.received("ok");
  log.end();
  expect(seen).toEqual([
    "sent: show version\n",
    "sent: ********",
    "sent: username x password ********\n",
    "received: ok",
  ]);

  const silent: string[] = [];
  sessionLog([], (_direction, text) => silent.push(text), { recordsWrites: false }).sent(
    "show version\n",
    false,
  );
  expect(silent).toEqual([]);
});
