import { type IosGetter, output, outputOfFirst, outputOrRefusal } from "./request.ts";

export const getSnmpInformation: IosGetter = function* () {
  const lines = (yield* output("show run | include snmp-server")).split("\n");
  const setting = (name: string) => {
    const prefix = `snmp-server ${name} `;
    return lines
      .findLast((line) => line.startsWith(prefix))
      ?.slice(prefix.length)
      .trim();
  };
  return {
    community: Object.fromEntries(lines.flatMap(communityOf)),
    contact: setting("contact") ?? UNKNOWN,
    location: setting("location") ?? UNKNOWN,
    chassis_id: setting("chassis-id") ?? (yield* chassis()),
  };
};

/** What the device calls itself where nothing is configured; nothing while SNMP is off. */
function* chassis() {
  const told = (yield* outputOrRefusal("show snmp chassis")) ?? "";
  return told === "" || told.startsWith("%") ? UNKNOWN : told;
}

const UNKNOWN = "unknown";

/** `snmp-server community NAME [view VIEW] [ro|rw] [ipv6 LIST] [LIST]` */
function communityOf(line: string): [string, { mode: string; acl: string }][] {
  const found =
    /^snmp-server community (?<name>\S+)(?: view \S+)?(?: (?<mode>ro|rw))?(?: ipv6 \S+)?(?: (?<acl>\S+))?\s*$/i.exec(
      line,
    )?.groups;
  if (!found) return [];
  return [[found.name ?? "", { mode: found.mode?.toLowerCase() ?? "N/A", acl: found.acl ?? "N/A" }]];
}

/** Local users; a key of SSH is told as its kind, fingerprint and remark. */
export const getUsers: IosGetter = function* () {
  const text = yield* outputOfFirst(["show run | section username", "show run | include username"]);
  const users = new Map(
    [...text.matchAll(USER)].map(({ groups: { name = "", level = "1", password = "" } = {} }) => [
      name,
      { level: Number(level), password, sshkeys: [] as string[] },
    ]),
  );
  for (const { groups: { name = "", keys = "" } = {} } of text.matchAll(KEY_CHAIN)) {
    const found = keys.matchAll(/^\s+key-hash (.*)$/gm);
    users.get(name)?.sshkeys.push(...[...found].map(([, key = ""]) => key.trim()));
  }
  return Object.fromEntries(users);
};

const USER =
  /^username[^\S\n]+(?<name>\S+)(?:[^\S\n]+privilege[^\S\n]+(?<level>\d+))?(?:[^\S\n]+(?:password|secret) \d+[^\S\n]+(?<password>\S+))?[^\S\n]*$/gm;
const KEY_CHAIN = /^[^\S\n]+username[^\S\n]+(?<name>\S+)(?<keys>(?:\n[^\S\n]+key-hash .*)+)$/gm;
