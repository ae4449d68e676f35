import fc from "fast-check";
import { expect, test } from "vitest";
import { eosInputs } from "./inputs.ts";

const line = fc.oneof(
  fc.constantFrom("", "!", "  ! a remark", "hostname leaf1", "   description a banner motd of sorts", "end"),
  fc
    .string({ unit: "grapheme-ascii", maxLength: 12 })
    .filter((text) => !/^\s*(?:!!|banner|comment|code|EOF)/i.test(text)),
);

test("lines that read no text become commands in their order, each with its own number", () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const inputs = eosInputs(lines.join("\n"));
      const expected = lines
        .map((text, index) => ({ command: text.trim(), line: text.trim(), number: index + 1 }))
        .filter(({ line: text }) => text !== "" && !text.startsWith("!"));
      expect(inputs).toEqual(expected);
    }),
  );
});

test("a text is the input of its command whatever is in it, up to the line EOF", () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const config = ["banner motd", ...lines, "EOF", "hostname leaf2"].join("\n");
      expect(eosInputs(config)).toEqual([
        { command: { cmd: "banner motd", input: lines.join("\n") }, line: "banner motd", number: 1 },
        { command: "hostname leaf2", line: "hostname leaf2", number: lines.length + 3 },
      ]);
    }),
  );
});

test("a certificate reads two texts; a text without its end is a line like any other", () => {
  const config = "protocol https certificate\ncert\nEOF\nkey\nEOF\nbanner login\nhello";
  expect(eosInputs(config).map(({ command, number }) => [command, number])).toEqual([
    [{ cmd: "protocol https certificate", input: "cert\nEOF\nkey" }, 1],
    ["banner login", 6],
    ["hello", 7],
  ]);
});
