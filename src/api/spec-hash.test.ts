import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetJobSpec } from "./kinds/net-job.ts";
import { specHash } from "./spec-hash.ts";

const spec = {
  poolRef: { name: "p" },
  devices: ["r1"],
  commands: ["show version"],
  priority: 0,
} as unknown as NetJobSpec;

test("the order of keys does not matter, at any depth", () => {
  const shuffled = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, item]) => [key, shuffled(item)]),
        )
      : value;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (context) => {
      const of = { ...spec, context } as unknown as NetJobSpec;
      expect(specHash(shuffled(of) as NetJobSpec)).toBe(specHash(of));
    }),
  );
});

test("fields that ask for no other run do not matter; all others do", () => {
  const ignored = { suspend: true, cancel: true, ttlSecondsAfterFinished: 5, webhooks: [{ name: "x" }] };
  expect(specHash({ ...spec, ...ignored })).toBe(specHash(spec));
  expect(specHash({ ...spec, priority: 1 })).not.toBe(specHash(spec));
  expect(specHash({ ...spec, commands: ["show clock"] })).not.toBe(specHash(spec));
});

test("the order of a list matters", () => {
  expect(specHash({ ...spec, devices: ["a", "b"] })).not.toBe(specHash({ ...spec, devices: ["b", "a"] }));
});
