import { compile, IGNORECASE } from "../../../../src/python/re/index.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { parseInteger } from "../../../../src/python/values/numbers.ts";

/** Units from the longest to the shortest: their seconds and how devices write them. */
const UNITS = [
  { name: "years", seconds: 31_536_000, count: "\\d+", words: "ys?|yrs?.?|years?" },
  { name: "months", seconds: 2_592_000, count: "\\d+", words: "mos?.?|mths?.?|months?" },
  { name: "weeks", seconds: 604_800, count: "[\\d.]+", words: "w|wks?|weeks?" },
  { name: "days", seconds: 86_400, count: "[\\d.]+", words: "d|dys?|days?" },
  { name: "hours", seconds: 3_600, count: "[\\d.]+", words: "h|hrs?|hours?" },
  { name: "mins", seconds: 60, count: "[\\d.]+", words: "m|(mins?)|(minutes?)" },
  { name: "secs", seconds: 1, count: "[\\d.]+", words: "s|secs?|seconds?" },
] as const;

const SEPARATOR = "\\s*(?:[,/]\\s*)?";

const UPTIME = `\\s*${UNITS.map(({ name, count, words }, index) => {
  const unit = `(?P<${name}>${count})\\s*(?:${words})`;
  return index === UNITS.length - 1 ? `(?:${unit})?` : `(?:${unit}${SEPARATOR})?`;
}).join("\\s*")}\\s*$`;

/**
 * Reads an uptime such as `2 years, 27 weeks, 3 days`: as seconds, or with format `dict` as a dictionary of texts. Undefined for what
 * is none.
 */
export function parseUptime(text: string, format: unknown): number | PyDict | undefined {
  const match = compile(UPTIME, IGNORECASE).match(text);
  if (match === null || (match.group() ?? "").trim() === "") return undefined;
  const found = UNITS.map(({ name, seconds }) => ({ name, seconds, text: match.group(name) })).filter(
    (unit): unit is typeof unit & { text: string } => unit.text !== null,
  );
  if (!found.every((unit) => /^\p{Nd}*$/u.test(unit.text))) return undefined;
  if (format === "seconds") {
    return found.reduce((sum, unit) => sum + unit.seconds * Number(parseInteger(unit.text) ?? 0), 0);
  }
  return format === "dict" ? new PyDict(found.map((unit) => [unit.name, unit.text])) : undefined;
}
