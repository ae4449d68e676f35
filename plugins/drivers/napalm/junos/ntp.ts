import { ipAddressOr } from "../values/ip-address.ts";
import { configuration, type JunosGetter, text as textOf } from "./request.ts";
import { table, text } from "./rows.ts";

export const getNtpPeers: JunosGetter = function* () {
  return byAddress(peerTable(yield* configuration("system/ntp/peer")));
};

export const getNtpServers: JunosGetter = function* () {
  return byAddress(serverTable(yield* configuration("system/ntp/server")));
};

/** A server may have a name in place of an address. */
function byAddress(configured: readonly { name: string | null }[]): Record<string, object> {
  return Object.fromEntries(
    configured.flatMap(({ name }) => (name === null ? [] : [[ipAddressOr(name, name), {}]])),
  );
}

const peerTable = table("system/ntp/peer", { name: text("name") });
const serverTable = table("system/ntp/server", { name: text("name") });

/** Associations, which Junos has only as text. Lines of hosts without an address are passed over. */
export const getNtpStats: JunosGetter = function* () {
  const output = yield* textOf("show ntp associations no-resolve");
  return output.split("\n").slice(HEADING_LINES).flatMap(associationOf);
};

/** An empty line, the names of the columns, a rule. */
const HEADING_LINES = 3;

function associationOf(line: string) {
  const groups = ASSOCIATION.exec(line)?.groups;
  const remote = ipAddressOr("", groups?.remote);
  if (!groups || remote === "") return [];
  return [
    {
      remote,
      synchronized: groups.mark === "*",
      referenceid: groups.reference,
      stratum: Number(groups.stratum),
      type: groups.type,
      when: groups.when,
      hostpoll: Number(groups.poll),
      reachability: Number(groups.reach),
      delay: Number(groups.delay),
      offset: Number(groups.offset),
      jitter: Number(groups.jitter),
    },
  ];
}

const ASSOCIATION = new RegExp(
  [
    String.raw`^\s?(?<mark>[-+*x])?(?<remote>[\w.:]+)`,
    String.raw`(?<reference>[\w.]+)`,
    String.raw`(?<stratum>\d{1,2})`,
    "(?<type>[-u])",
    String.raw`(?<when>[\dh-]+)`,
    String.raw`(?<poll>\d+)`,
    String.raw`(?<reach>\d+)`,
    String.raw`(?<delay>\d+(?:\.\d+)?)`,
    String.raw`(?<offset>-?\d+(?:\.\d+)?)`,
    String.raw`(?<jitter>\d+(?:\.\d+)?)\s*$`,
  ].join(String.raw`\s+`),
  "i",
);
