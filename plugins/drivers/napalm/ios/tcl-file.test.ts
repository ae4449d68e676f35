import fc from "fast-check";
import { expect, test } from "vitest";
import { isTclSuccess, tclFileCommands } from "./tcl-file.ts";

/** What Tcl makes of the commands: the bytes that are in the file. */
function written(commands: readonly string[]): Buffer {
  const texts = commands.flatMap((command) => /^puts -nonewline \$npfile "(.*)"$/.exec(command)?.[1] ?? []);
  const unescaped = texts
    .join("")
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(unescaped, "latin1");
}

test("any text is in the file as it was, through lines that neither IOS nor Tcl takes for anything else", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (content) => {
      const commands = tclFileCommands("flash:/a.txt", content);
      expect(written(commands).equals(Buffer.from(content, "utf8"))).toBe(true);
      for (const command of commands.slice(2, -1)) {
        expect(command.length).toBeLessThan(254);
        expect(command).toMatch(/^puts -nonewline \$npfile "(?:[\w .:/,=-]|\\[0-7]{3})*"$/);
      }
    }),
  );
});

test("the file is opened first and closed last", () => {
  const commands = tclFileCommands("flash:/a.txt", "hostname r1\n");
  expect(commands).toEqual([
    'set npfile [open "flash:/a.txt" w]',
    "fconfigure $npfile -translation binary",
    'puts -nonewline $npfile "hostname r1\\012"',
    "close $npfile",
  ]);
});

test("only silence and the name of the open file are success", () => {
  expect(isTclSuccess("set npfile [open]", "file0\n")).toBe(true);
  expect(isTclSuccess("set npfile [open]", 'couldn\'t open "flash:/a": no space')).toBe(false);
  expect(isTclSuccess("puts x", "file0")).toBe(false);
});
