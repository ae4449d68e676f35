import { re, values } from "../../../../src/python/index.ts";
import { matchesNumber } from "./numbers.ts";
import { RuleInvalid } from "./rule-invalid.ts";

/** How a mapping or a list compares: `present` has each expected entry, and with `_mode: strict` nothing more may be there. */
export interface Comparison {
  readonly complies: boolean;
  readonly present: unknown;
  readonly missing: readonly unknown[];
  readonly extra: readonly unknown[];
}

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Compares what a device has with a rule. A text is a regular expression in Python's syntax, searched for in the value's text, or a
 * number's condition (`<10`, `>=3`, `10<->20`, `10%20`); a mapping and `{list: [...]}` compare entry by entry; anything else must be
 * equal. Throws RuleInvalid.
 */
export function compare(rule: unknown, actual: unknown): boolean | Comparison {
  if (typeof rule === "string") return compareText(rule, actual);
  if (isMapping(rule)) {
    const { _mode = "", ...expected } = rule;
    const strict = isStrict(String(_mode));
    if (!("list" in expected)) return compareMapping(expected, actual, strict);
    return (
      Array.isArray(actual) && Array.isArray(expected.list) && compareList(expected.list, actual, strict)
    );
  }
  if (Array.isArray(rule) && Array.isArray(actual)) return comparePairs(rule, actual);
  return values.equal(rule, actual);
}

/** Whether a comparison, flat or nested, holds. */
function complies(result: boolean | Comparison): boolean {
  return typeof result === "boolean" ? result : result.complies;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compareText(rule: string, actual: unknown): boolean {
  const asNumber = matchesNumber(rule, actual);
  if (asNumber !== undefined) return asNumber;
  return re.compile(rule).search(values.str(actual)) !== null || rule === actual;
}

function compareMapping(expected: Mapping, actual: unknown, strict: boolean): Comparison {
  if (!isMapping(actual)) throw new RuleInvalid("The rule is a mapping, and what the device has is none.");
  const present: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const [key, rule] of Object.entries(expected)) {
    if (Object.hasOwn(actual, key)) present[key] = entry(rule, actual[key]);
    else missing.push(key);
  }
  const extra = strict ? Object.keys(actual).filter((key) => !Object.hasOwn(expected, key)) : [];
  const all = Object.values(present).every((one) => isMapping(one) && one.complies === true);
  return { complies: all && missing.length === 0 && extra.length === 0, present, missing, extra };
}

function entry(rule: unknown, actual: unknown): Mapping {
  const result = compare(rule, actual);
  const nested = typeof result !== "boolean";
  if (complies(result)) return { complies: true, nested };
  if (nested) return { diff: result, complies: false, nested };
  return { expected_value: rule, actual_value: actual, complies: false, nested };
}

/** Each rule takes the first element that it fits, so two equal rules need two elements. */
function compareList(rules: readonly unknown[], actual: readonly unknown[], strict: boolean): Comparison {
  const left = [...actual];
  const present: unknown[] = [];
  const missing: unknown[] = [];
  for (const rule of rules) {
    const at = left.findIndex((element) => complies(compare(rule, element)));
    if (at >= 0) left.splice(at, 1);
    (at >= 0 ? present : missing).push(withoutMode(rule));
  }
  const extra = strict ? left : [];
  return { complies: missing.length === 0 && extra.length === 0, present, missing, extra };
}

/** A rule as the report shows it: how strictly it was compared is no expectation. */
function withoutMode(rule: unknown): unknown {
  if (!isMapping(rule)) return rule;
  const { _mode, ...expected } = rule;
  return expected;
}

/** Bare lists compare in order: each rule's values are patterns for the element at its place; what is longer is not looked at. */
function comparePairs(rules: readonly unknown[], actual: readonly unknown[]): boolean {
  return rules.slice(0, actual.length).every((rule, index) => {
    const element = actual[index];
    if (values.equal(rule, element)) return true;
    if (!isMapping(rule) || !isMapping(element))
      throw new RuleInvalid("A list of plain values needs `list:` above it to be compared.");
    return Object.keys(rule).every((key) => re.compile(String(rule[key])).search(String(element[key])));
  });
}

function isStrict(mode: string): boolean {
  const words = mode.split(/\s+/).filter(Boolean);
  const unknown = words.find((word) => word !== "strict");
  if (unknown !== undefined) throw new RuleInvalid(`_mode ${unknown} is not known; there is only strict.`);
  return words.length > 0;
}
