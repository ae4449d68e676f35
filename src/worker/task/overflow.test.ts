import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf } from "./overflow.ts";

test("chunks put together are the original, none is larger than allowed, and none cuts a character", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.integer({ min: 4, max: 50 }),
      (drawn, size) => {
        const text = drawn.toWellFormed();
        const chunks = chunksOf(Buffer.from(text), size);
        expect(chunks.join("")).toBe(text);
        for (const chunk of chunks) {
          expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(size);
          expect(chunk).not.toBe("");
        }
      },
    ),
  );
});
