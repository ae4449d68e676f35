import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeLineEnds, stripAnsi, TerminalText } from "./terminal-text.ts";

const pieces = fc.constantFrom(
  "\r",
  "\n",
  "\r\n",
  "\n\r",
  "\r\r\n",
  "a",
  "router#",
  " ",
  "\x1b[",
  "\x1b[K",
  "\x1b[1;24r",
  "\x1b]0;title\x07",
  "\x1bE",
  "\x1b[?2004l",
  "0",
  "m",
  "é",
  "€",
  "😀",
  "\0",
  "\b",
);

function read(bytes: Buffer, cuts: readonly number[], strip: boolean): string {
  const terminal = new TerminalText({ encoding: "utf-8", stripAnsi: strip });
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let text = "";
  let from = 0;
  for (const place of [...places, bytes.length]) {
    text += terminal.push(bytes.subarray(from, place));
    from = place;
  }
  // Whatever is still held back comes out with the next visible character.
  return text + terminal.push(Buffer.from("."));
}

test("the text does not depend on how the bytes were cut", () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.boolean(),
      (parts, cuts, strip) => {
        const bytes = Buffer.from(parts.join(""));
        expect(read(bytes, cuts, strip)).toBe(read(bytes, [], strip));
      },
    ),
    { numRuns: 2000 },
  );
});

test("every form of line end is one line end", () => {
  expect(normalizeLineEnds("a\r\nb\r\r\nc\r\r\r\nd\n\re\rf")).toBe("a\nb\nc\nd\ne\nf");
});

test("control sequences go, an inserted line stays a line end", () => {
  expect(stripAnsi("\x1b[24;1H\x1b[2Ksw1# \x1b[?25h")).toBe("sw1# ");
  expect(stripAnsi("\x1b]0;user@host: ~\x07user@host:~$ ")).toBe("user@host:~$ ");
  expect(stripAnsi("ls\r\n\x1b[?2004l\rfile")).toBe("ls\r\nfile");
  expect(stripAnsi("\x1b[1Labc\x1bEdef")).toBe("\nabc\ndef");
});

test("bytes that are no text in the encoding are dropped", () => {
  const terminal = new TerminalText({ encoding: "utf-8", stripAnsi: false });
  expect(terminal.push(Buffer.from([0x61, 0xff, 0x62, 0]))).toBe("ab");
});

test("another encoding is decoded", () => {
  const terminal = new TerminalText({ encoding: "latin1", stripAnsi: false });
  expect(terminal.push(Buffer.from([0xe4, 0xf6]))).toBe("äö");
});
