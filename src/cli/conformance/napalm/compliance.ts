import { z } from "zod";
import { compare as compareRule } from "../../../../plugins/drivers/napalm/compliance/compare.ts";
import {
  type Answer,
  checksOf,
  complianceReport,
} from "../../../../plugins/drivers/napalm/compliance/report.ts";
import { readJsonLines } from "../records.ts";
import { type ConformanceCase, compareUnordered } from "../suite.ts";

const FILE = "validate.jsonl";

const records = z.looseObject({ file: z.string(), data: z.array(z.looseObject({ id: z.string() })) });
const comparison = z.looseObject({
  rule: z.unknown(),
  data: z.unknown(),
  expected: z.unknown().optional(),
  expected_error: z.string().optional(),
});
const report = z.looseObject({
  rules: z.unknown(),
  getter_results: z.record(z.string(), z.unknown()),
  not_implemented: z.array(z.string()),
  expected_report: z.unknown(),
});

/** Single comparisons and whole compliance reports. */
export function* complianceCases(folder: string): Generator<ConformanceCase> {
  for (const { file, data } of readJsonLines(folder, FILE, records)) {
    for (const one of data) {
      yield {
        id: one.id,
        file: `${FILE} ${file}`,
        run: () => (file === "reports.json" ? runReport(one) : runComparison(one)),
      };
    }
  }
}

function runComparison(one: unknown) {
  const { rule, data, expected, expected_error } = comparison.parse(one);
  let got: unknown;
  try {
    got = compareRule(rule, data);
  } catch {
    got = "error";
  }
  return compareUnordered(expected_error ? "error" : expected, got);
}

function runReport(one: unknown) {
  const { rules, getter_results, not_implemented, expected_report } = report.parse(one);
  const answered = checksOf(rules).map((check) => {
    const answer: Answer = not_implemented.includes(check.getter)
      ? "NotImplemented"
      : { value: getter_results[check.getter] };
    return { check, answer };
  });
  return compareUnordered(expected_report, complianceReport(answered));
}
