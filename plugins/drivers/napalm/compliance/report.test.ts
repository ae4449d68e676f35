import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { checksOf, complianceReport } from "./report.ts";
import { RuleInvalid } from "./rule-invalid.ts";

test.each([
  ["^r\\d$", "r1", true],
  ["^r\\d$", "sw1", false],
  ["<10", 9.5, true],
  ["<10", 10, false],
  ["10<->20", 20, true],
  ["10%20", 23, false],
])("rule %s and value %s: %s", (rule, actual, holds) => {
  expect(compare(rule, actual)).toBe(holds);
});

test("strict mode refuses what no rule expects and names it", () => {
  expect(compare({ _mode: "strict", a: 1 }, { a: 1, b: 2 })).toMatchObject({ complies: false, extra: ["b"] });
  expect(compare({ a: 1 }, { a: 1, b: 2 })).toMatchObject({ complies: true, extra: [] });
});

test("two equal rules of a list need two elements", () => {
  expect(compare({ list: [1, 1] }, [1, 2])).toMatchObject({ complies: false, missing: [1], present: [1] });
});

test("an unknown mode is refused by name", () => {
  expect(() => compare({ _mode: "lax", a: 1 }, { a: 1 })).toThrow(RuleInvalid);
});

test("a getter that the platform lacks is skipped and does not spoil the report; _name renames an entry", () => {
  const checks = checksOf([{ get_facts: { hostname: "r1" } }, { get_vlans: { _name: "vlans", 1: {} } }]);
  const answered = checks.map((check) => ({
    check,
    answer: check.getter === "get_facts" ? { value: { hostname: "r1" } } : ("NotImplemented" as const),
  }));
  expect(complianceReport(answered)).toMatchObject({
    complies: true,
    skipped: ["vlans"],
    get_facts: { complies: true },
  });
});
