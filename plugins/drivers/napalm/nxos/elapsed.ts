import { InvalidValue } from "../values/invalid-value.ts";

/**
 * Seconds since an event, from the ways in which NX-OS writes how long ago it was: `23week(s) 3day(s)`, `1y28w`, `00:14:23` and
 * `P17DT7H42M42S`. Undefined for `never` and where nothing is written. Throws InvalidValue.
 *
 * @param yearDays NAPALM counts a year as 365.25 days over NX-API and as 365 over SSH
 */
export function elapsedSeconds(text: string, yearDays = 365.25): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "never") return undefined;
  const form = FORMS.find(({ pattern }) => pattern.test(trimmed));
  if (!form) throw new InvalidValue("a time that has passed", text);
  const [, ...counts] = form.pattern.exec(trimmed) ?? [];
  return form.units.reduce(
    (sum, unit, index) =>
      sum + Number(counts[index] ?? 0) * (unit === "year" ? yearDays * DAY : SECONDS[unit]),
    0,
  );
}

const DAY = 86_400;
const SECONDS = {
  year: 365.25 * DAY,
  month: 30 * DAY,
  week: 7 * DAY,
  day: DAY,
  hour: 3600,
  minute: 60,
  second: 1,
};
type Unit = keyof typeof SECONDS;

const WORDS: readonly Unit[] = ["year", "week", "day", "hour", "minute", "second"];
const FORMS: readonly { pattern: RegExp; units: readonly Unit[] }[] = [
  { pattern: /^(\d+):(\d+):(\d+)$/, units: ["hour", "minute", "second"] },
  {
    pattern: new RegExp(`^${WORDS.map((unit) => `(?:(\\d+) ?${unit}\\(s\\),? ?)?`).join("")}$`),
    units: WORDS,
  },
  {
    pattern: /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/,
    units: WORDS,
  },
  {
    pattern: /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/,
    units: ["year", "month", "day", "hour", "minute", "second"],
  },
];
