import { RuleInvalid } from "./rule-invalid.ts";

/**
 * Whether a number meets a condition such as `<10`, `>=3.5`, `10<->20` (between, ends included) or `10%20` (within 10 % of 20).
 * Undefined where the rule is no condition. Throws RuleInvalid when the rule or the value is no number.
 */
export function matchesNumber(rule: string, actual: unknown): boolean | undefined {
  if (rule.startsWith("<") || rule.startsWith(">")) return compareLimit(rule, number(actual));
  const ends = rule.split("<->");
  if (ends.length === 2) {
    const [low, high] = ends.map(number);
    const value = number(actual);
    return low !== undefined && high !== undefined && low <= value && value <= high;
  }
  const tolerance = /^(\d+)%(\d+)\n?$/.exec(rule);
  if (!tolerance) return undefined;
  const [percent = 0, target = 0] = tolerance.slice(1).map(Number);
  return isClose(number(actual), target, (target * percent) / 100);
}

function compareLimit(rule: string, value: number): boolean {
  const [, operator, limit] = /^(<=|>=|<|>)(\d+(?:\.\d+)?)$/.exec(rule) ?? [];
  if (limit === undefined) throw new RuleInvalid(`${rule} is no condition on a number.`);
  const bound = Number(limit);
  if (operator === "<") return value < bound;
  if (operator === ">") return value > bound;
  return operator === "<=" ? value <= bound : value >= bound;
}

/** Equal within the tolerance, or within a billionth of the larger: what floating point cannot tell apart. */
function isClose(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= Math.max(1e-9 * Math.max(Math.abs(a), Math.abs(b)), tolerance);
}

function number(value: unknown): number {
  if (typeof value === "boolean") return Number(value);
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  const parsed = text === "" ? Number.NaN : Number(text);
  if (Number.isNaN(parsed)) throw new RuleInvalid(`${JSON.stringify(value)} is not a number.`);
  return parsed;
}
