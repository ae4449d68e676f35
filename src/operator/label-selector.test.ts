import { expect, test } from "vitest";
import { matchesSelector } from "./label-selector.ts";

const labels = { site: "ams", role: "core" };

test.each([
  ["an empty selector matches everything", {}, true],
  ["all labels must be equal", { matchLabels: { site: "ams", role: "core" } }, true],
  ["one that differs is enough", { matchLabels: { site: "ams", role: "access" } }, false],
  ["In", { matchExpressions: [{ key: "site", operator: "In" as const, values: ["fra", "ams"] }] }, true],
  [
    "In without the label",
    { matchExpressions: [{ key: "rack", operator: "In" as const, values: ["1"] }] },
    false,
  ],
  ["NotIn", { matchExpressions: [{ key: "site", operator: "NotIn" as const, values: ["ams"] }] }, false],
  [
    "NotIn without the label",
    { matchExpressions: [{ key: "rack", operator: "NotIn" as const, values: ["1"] }] },
    true,
  ],
  ["Exists", { matchExpressions: [{ key: "role", operator: "Exists" as const }] }, true],
  ["DoesNotExist", { matchExpressions: [{ key: "role", operator: "DoesNotExist" as const }] }, false],
  [
    "both parts hold",
    { matchLabels: { site: "ams" }, matchExpressions: [{ key: "rack", operator: "Exists" as const }] },
    false,
  ],
])("%s", (_, selector, matches) => {
  expect(matchesSelector(selector, labels)).toBe(matches);
});
