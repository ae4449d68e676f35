import fc from "fast-check";
import { expect, test } from "vitest";
import { splitSections } from "./sections.ts";

test("a section is its heading and what is indented below it; inner sections stand for themselves too", () => {
  const config = "mac security\n   profile PR\n      key x\n   license y\nhostname z\n";
  expect(Object.fromEntries(splitSections(config))).toMatchObject({
    "mac security": "mac security\n   profile PR\n      key x\n   license y\n",
    "   profile PR": "   profile PR\n      key x\n",
    "hostname z": "hostname z\n",
  });
});

test("what is in a banner is no section", () => {
  const sections = splitSections("banner motd\ninterface Ethernet1\n   no shutdown\nEOF\nhostname z\n");
  expect([...sections.keys()]).toEqual(["banner motd", "hostname z"]);
  expect(sections.get("banner motd")).toBe("banner motd\ninterface Ethernet1\n   no shutdown\nEOF\n");
});

test("any text is split without a failure, and sections of different headings put together are the text", () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.stringMatching(/^[a-z]{1,6}$/));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const text = lines
        .map(([depth, word], index) => `${" ".repeat(index === 0 ? 0 : depth)}${word}${index}\n`)
        .join("");
      const outer = [...splitSections(text)].filter(([heading]) => !heading.startsWith(" "));
      expect(outer.map(([, section]) => section).join("")).toBe(text);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => splitSections(text) instanceof Map));
});
