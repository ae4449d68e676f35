import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputReader } from "./json-rpc-output.ts";

function read(pieces: readonly string[]): { outputs: Record<number, string>; rest: unknown } {
  const outputs: Record<number, string> = {};
  const reader = new OutputReader((text, index) => {
    outputs[index] = (outputs[index] ?? "") + text;
  });
  for (const piece of pieces) reader.push(piece);
  return { outputs, rest: JSON.parse(reader.rest()) };
}

/** Any text in pieces of any size. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** JSON with `\u` escapes for whatever is not ASCII, as Python's json writes it. */
function ascii(value: unknown): string {
  const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, escaped);
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

test("outputs come out whole and everything else stays, however the reply is cut", () => {
  const result = fc.array(fc.record({ output: fc.string({ unit: "binary" }), more: fc.jsonValue() }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(result, sizes, fc.boolean(), (results, parts, escaped) => {
      const reply = { jsonrpc: "2.0", result: results, id: 'a "quoted\\" id' };
      const got = read(cut(escaped ? ascii(reply) : JSON.stringify(reply), parts));
      // JSON knows no -0.
      const rest = { ...reply, result: results.map((r) => ({ ...r, output: "" })) };
      expect(got.rest).toEqual(JSON.parse(JSON.stringify(rest)));
      for (const [index, { output }] of results.entries()) expect(got.outputs[index] ?? "").toBe(output);
    }),
    { numRuns: 300 },
  );
});

test("an output elsewhere is not one: in errors, deeper, or of other members", () => {
  fc.assert(
    fc.property(sizes, (parts) => {
      const reply = {
        error: { code: 1002, message: "m", data: [{ output: "partial" }, { errors: ["e"] }] },
        result: [{ nested: { output: "deep" } }, [{ output: "listed" }], "output"],
        output: "top",
      };
      expect(read(cut(JSON.stringify(reply), parts))).toEqual({ outputs: {}, rest: reply });
    }),
  );
});
