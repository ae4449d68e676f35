/**
 * Seconds of an uptime as devices print it: `1 year, 2 weeks, 5 minutes`, `114 days, 22:27:32`, `00:05:12` or `7w6d5h4m3s`.
 * 0 where none of these is at the beginning.
 */
export function uptimeSeconds(text: string): number {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups) {
      return Object.entries(SECONDS).reduce(
        (sum, [unit, length]) => sum + Number(groups[unit] ?? 0) * length,
        0,
      );
    }
  }
  return 0;
}

const DAY = 86_400;
const SECONDS = { years: 365 * DAY, weeks: 7 * DAY, days: DAY, hours: 3600, minutes: 60, seconds: 1 };

const words = (unit: string) => `(?:(?<${unit}>\\d+) ${unit.slice(0, -1)}s?,\\s+)?`;
const FORMS: readonly RegExp[] = [
  new RegExp(`${["years", "weeks", "days", "hours"].map(words).join("")}(?<minutes>\\d+) minutes?`),
  /(?:(?<days>\d+) days?,\s+)?(?<hours>\d+):(?<minutes>\d+):(?<seconds>\d+)/,
  /^(?:(?<weeks>\d+)w)?(?:(?<days>\d+)d)?(?:(?<hours>\d+)h)?(?:(?<minutes>\d+)m)?(?:(?<seconds>\d+)s)?/,
];
