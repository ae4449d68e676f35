import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Condition,
  findCondition,
  isConditionTrue,
  microTimestamp,
  removeCondition,
  type StatedCondition,
  setCondition,
  timestamp,
} from "./conditions.ts";

const now = Date.UTC(2030, 0, 1, 12, 0, 0, 250);

test("a condition is added with the time of its first statement", () => {
  expect(setCondition(undefined, { type: "Ready", status: "Unknown", reason: "Starting" }, now)).toEqual([
    {
      type: "Ready",
      status: "Unknown",
      reason: "Starting",
      message: "",
      lastTransitionTime: "2030-01-01T12:00:00Z",
    },
  ]);
});

test("the time moves with the status and with nothing else", () => {
  const first = setCondition(
    undefined,
    { type: "Ready", status: "False", reason: "A", observedGeneration: 1 },
    now,
  );
  const second = setCondition(
    first,
    { type: "Ready", status: "False", reason: "B", message: "m", observedGeneration: 2 },
    now + 5000,
  );
  expect(second).toMatchObject([
    { reason: "B", message: "m", observedGeneration: 2, lastTransitionTime: "2030-01-01T12:00:00Z" },
  ]);
  const third = setCondition(second, { type: "Ready", status: "True", reason: "C" }, now + 9000);
  expect(third).toMatchObject([{ lastTransitionTime: "2030-01-01T12:00:09Z" }]);
  expect(first).toMatchObject([{ reason: "A" }]);
});

test("what has not changed comes back as the same array, and others keep their places", () => {
  const statements: StatedCondition[] = [
    { type: "A", status: "True", reason: "R" },
    { type: "B", status: "True", reason: "R" },
  ];
  const list = statements.reduce<Condition[]>((all, each) => setCondition(all, each, now), []);
  expect(setCondition(list, { type: "B", status: "True", reason: "R" }, now + 1000)).toBe(list);
  expect(
    setCondition(list, { type: "A", status: "False", reason: "R" }, now).map(({ type }) => type),
  ).toEqual(["A", "B"]);
  expect(removeCondition(list, "C")).toBe(list);
  expect(removeCondition(list, "A")).toEqual([list[1]]);
  expect([isConditionTrue(list, "A"), isConditionTrue(list, "C"), findCondition(list, "B")?.reason]).toEqual([
    true,
    false,
    "R",
  ]);
});

test("whatever is stated, a second statement of the same changes nothing", () => {
  const stated = fc.record({
    type: fc.constantFrom("A", "B", "C"),
    status: fc.constantFrom("True" as const, "False" as const, "Unknown" as const),
    reason: fc.constantFrom("X", "Y"),
    message: fc.string({ maxLength: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(stated), (all) => {
      let list: Condition[] = [];
      for (const each of all) {
        list = setCondition(list, each, now);
        expect(setCondition(list, each, now + 60_000)).toBe(list);
        expect(findCondition(list, each.type)?.message.length).toBeLessThanOrEqual(32_768);
      }
      expect(new Set(list.map(({ type }) => type)).size).toBe(list.length);
    }),
  );
});

test("times have the forms of metav1.Time and metav1.MicroTime", () => {
  expect([timestamp(now), microTimestamp(now)]).toEqual([
    "2030-01-01T12:00:00Z",
    "2030-01-01T12:00:00.250000Z",
  ]);
});
