import { type Asking, type IosGetter, output, outputOrRefusal } from "./request.ts";

export const getFacts: IosGetter = function* () {
  const version = yield* output("show version");
  const hosts = (yield* outputOrRefusal("show hosts")) ?? "";
  const interface_list = yield* ipInterfaces();
  const [, hostname = UNKNOWN, uptime] = /^(.*?) uptime is (.*)$/m.exec(version) ?? [];
  const domain = /^.*Default domain is (\S+)\s*$/m.exec(hosts)?.[1];
  return {
    vendor: "Cisco",
    uptime: uptime === undefined ? -1 : uptimeOf(uptime),
    os_version: SOFTWARE.exec(version)?.groups?.version?.trim() ?? UNKNOWN,
    serial_number: /Processor board ID (.*)$/m.exec(version)?.[1]?.trim() ?? UNKNOWN,
    model: /cisco (.+?) .+bytes of/i.exec(version)?.[1] ?? UNKNOWN,
    hostname: hostname.trim(),
    fqdn: domain === undefined || hostname === UNKNOWN ? UNKNOWN : `${hostname.trim()}.${domain}`,
    interface_list,
  };
};

/** Names of interfaces that can carry IP. */
export function* ipInterfaces(): Asking<string[]> {
  const brief = yield* output("show ip interface brief");
  // Where an address is not in use, a remark about it comes first.
  const remark = brief.lastIndexOf("Any interface listed with");
  const table = remark < 0 ? brief : brief.slice(brief.indexOf("\n", remark));
  return table
    .split("\n")
    .filter((line) => !/^\s*Interface\s/.test(line))
    .flatMap((line) => /\S+/.exec(line)?.[0] ?? []);
}

/** Seconds of `1 year, 27 weeks, 4 days, 16 minutes`. */
function uptimeOf(text: string): number {
  return [...text.matchAll(/(\d+) (year|week|day|hour|minute)s?\b/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0),
    0,
  );
}

const UNKNOWN = "Unknown";
const DAY = 86_400;
const SECONDS: Readonly<Record<string, number>> = {
  year: 365 * DAY,
  week: 7 * DAY,
  day: DAY,
  hour: 3600,
  minute: 60,
};
/** The last line that names the software: `Cisco IOS Software, …`, `Cisco IOS Software [Denali], …`, of old `IOS (tm) …`. */
const SOFTWARE = /(?:Cisco IOS Software(?: \[.*?\])?, |IOS \(tm\) (?=.*Software))(?<version>.*)$/m;
