import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameError } from "./frame-error.ts";
import { FrameReader, type Framing, frame } from "./framing.ts";

/** Gives the bytes to a reader in pieces cut at the given places and returns what comes out. */
function read(bytes: Buffer, cuts: readonly number[], framings: readonly Framing[]): string[] {
  const reader = new FrameReader(1_000_000);
  reader.framing = framings[0] ?? "delimited";
  const messages: string[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  for (const [at, from] of [0, ...places].entries()) {
    reader.push(bytes.subarray(from, places[at] ?? bytes.length));
    for (let message = reader.next(); message !== undefined; message = reader.next()) {
      messages.push(message);
      reader.framing = framings[messages.length] ?? reader.framing;
    }
  }
  return messages;
}

function refusal(text: string, maxBytes = 1000): FrameError {
  const reader = new FrameReader(maxBytes);
  reader.framing = "chunked";
  reader.push(Buffer.from(text));
  try {
    while (reader.next() !== undefined);
  } catch (error) {
    if (error instanceof FrameError) return error;
  }
  throw new Error("it was taken");
}

const message = fc
  .string({
    unit: fc.constantFrom("]", ">", "]]>", "\n", "#", "\n##", "\n#3\n", "<a/>", "ü", "😀", "x"),
    minLength: 1,
  })
  .filter((text) => text.trim() !== "" && !`${text}]]>]]`.includes("]]>]]>") && !/^\s/.test(text));

test("messages come out as they went in, wherever the bytes are cut, and in the framing of each", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(message, fc.constantFrom<Framing>("delimited", "chunked")), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (sent, cuts) => {
        const bytes = Buffer.from(sent.map(([text, framing]) => frame(text, framing)).join(""));
        expect(
          read(
            bytes,
            cuts,
            sent.map(([, framing]) => framing),
          ),
        ).toEqual(sent.map(([text]) => text));
      },
    ),
  );
});

test("a message may come in many chunks, which may cut a character", () => {
  const [first, second] = [Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1)];
  const bytes = Buffer.concat([
    Buffer.from("\n#1\n"),
    first,
    Buffer.from("\n#2\n"),
    second,
    Buffer.from("!\n##\n"),
  ]);
  expect(read(bytes, [], ["chunked"])).toEqual(["ü!"]);
});

test("line feeds between messages are passed over in both framings", () => {
  const bytes = Buffer.from("<hello/>]]>]]>\n\r\n\n#4\n<a/>\n##\n\n\n#4\n<b/>\n##\n");
  expect(read(bytes, [3, 16, 17, 30], ["delimited", "chunked"])).toEqual(["<hello/>", "<a/>", "<b/>"]);
});

test("what is not whole does not come out, and its end is known for messages", () => {
  const reader = new FrameReader(1000);
  reader.push(Buffer.from(`${"x".repeat(300)}end]]>]]`));
  expect(reader.next()).toBeUndefined();
  expect(reader.tail).toMatch(/^x{100,}end\]\]>\]\]$/);
});

test("whatever bytes come, reading ends: with messages, with more to wait for, or with an error", () => {
  const noise = fc.array(
    fc.constantFrom("\n", "#", "##", "1", "12", "0", "9999999999", "<a/>", "]]>", "]]>]]>", " "),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(noise, fc.constantFrom<Framing>("delimited", "chunked"), (pieces, framing) => {
      const reader = new FrameReader(1000);
      reader.framing = framing;
      let messages = 0;
      try {
        for (const piece of pieces) {
          reader.push(Buffer.from(piece));
          while (reader.next() !== undefined) messages += 1;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
      expect(messages).toBeLessThanOrEqual(pieces.length);
    }),
  );
});

describe("chunks that break RFC 6242", () => {
  test.each([
    ["<rpc-reply/>"],
    ["\n#0\n"],
    ["\n#01\nx"],
    ["\n#-1\nx"],
    ["\n#99999999999\nx"],
    ["\n#9999999999\nx"],
    ["\n#1\nxy\n##\n"],
    ["\n##\n"],
    ["\n###\n"],
  ])("%j is refused", (text) => {
    expect(refusal(text).kind).toBe("malformed");
  });
});

test("a message over the limit is refused before it is here, by its chunk's length or by what has come", () => {
  expect(refusal("\n#1001\n").kind).toBe("too large");
  expect(refusal(`\n#600\n${"x".repeat(600)}\n#401\n`).kind).toBe("too large");
  const reader = new FrameReader(1000);
  reader.push(Buffer.from("x".repeat(1006)));
  expect(() => reader.next()).toThrow("a message of more than 1000 bytes");
});
