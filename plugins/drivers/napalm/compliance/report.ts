import { type Comparison, compare, isMapping } from "./compare.ts";
import { RuleInvalid } from "./rule-invalid.ts";

/** One entry for each getter (or `_name`), `skipped` with those that the platform lacks, and `complies` over all. */
export type ComplianceReport = Readonly<Record<string, unknown>> & {
  readonly complies: boolean;
  readonly skipped: readonly string[];
};

/** What a getter answered, or that the platform has none of this name. */
export type Answer = { readonly value: unknown } | "NotImplemented";

/** A rule's getter with its arguments, the name under which the report has it, and what is expected. */
export interface Check {
  readonly getter: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The checks of a rules document: a list of mappings from getter to expectations. Throws RuleInvalid. */
export function checksOf(rules: unknown): Check[] {
  if (!Array.isArray(rules))
    throw new RuleInvalid("Compliance rules are a list of getters with expectations.");
  return rules.flatMap((rule: unknown) => {
    if (!isMapping(rule))
      throw new RuleInvalid("Each compliance rule is a mapping from a getter to expectations.");
    return Object.entries(rule)
      .filter(([getter]) => getter !== "get_config")
      .map(checkOf);
  });
}

function checkOf([getter, body]: [string, unknown]): Check {
  if (!isMapping(body)) throw new RuleInvalid(`The expectations of ${getter} are a mapping.`);
  const { _name, _kwargs = {}, ...expected } = body;
  if (!isMapping(_kwargs)) throw new RuleInvalid(`_kwargs of ${getter} is a mapping of arguments.`);
  return {
    getter,
    name: typeof _name === "string" && _name !== "" ? _name : getter,
    args: _kwargs,
    expected,
  };
}

/**
 * The compliance report of a device.
 *
 * @example
 * complianceReport([{ check: { getter: "get_facts", ... }, answer: { value: { hostname: "r1" } } }]);
 */
export function complianceReport(
  answered: readonly { readonly check: Check; readonly answer: Answer }[],
): ComplianceReport {
  const entries = new Map<string, boolean | Comparison | { skipped: true; reason: "NotImplemented" }>();
  for (const { check, answer } of answered) {
    const entry =
      answer === "NotImplemented"
        ? ({ skipped: true, reason: "NotImplemented" } as const)
        : compare(check.expected, answer.value);
    entries.set(check.name, entry);
  }
  const skipped = [...entries]
    .filter(([, entry]) => isMapping(entry) && "skipped" in entry)
    .map(([name]) => name);
  const all = [...entries.values()].every((entry) =>
    typeof entry === "boolean" ? entry : "skipped" in entry || entry.complies,
  );
  return { ...Object.fromEntries(entries), skipped, complies: all };
}
