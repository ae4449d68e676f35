import { z } from "zod";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { type EosGetter, json, jsonOfEach, text, texts } from "./request.ts";

export const getUsers: EosGetter = function* () {
  const { users } = yield* json("show users accounts", accounts);
  return Object.fromEntries(
    Object.entries(users).map(([name, { privLevel, secret, sshAuthorizedKey }]) => [
      name,
      {
        level: privLevel,
        password: String(secret),
        sshkeys: /^ssh-(rsa|dss)/.test(sshAuthorizedKey) ? [sshAuthorizedKey] : [],
      },
    ]),
  );
};

const accounts = z.object({
  users: z
    .record(
      z.string(),
      z.object({
        privLevel: z.number().default(0),
        secret: z.unknown().default(""),
        sshAuthorizedKey: z.string().default(""),
      }),
    )
    .default({}),
});

export const getSnmpInformation: EosGetter = function* () {
  const replies = yield* jsonOfEach(
    ["chassis", "location", "contact"].map((one) => `show snmp v2-mib ${one}`),
  );
  const { chassisId = "", location = "", contact = "" } = snmp.parse(Object.assign({}, ...replies));
  const config = yield* text("show running-config | section snmp-server community");
  return {
    chassis_id: chassisId,
    location: unquoted(location),
    contact: unquoted(contact),
    community: Object.fromEntries(config.split("\n").flatMap(communityOf)),
  };
};

const snmp = z.object({
  chassisId: z.string().optional(),
  location: z.string().optional(),
  contact: z.string().optional(),
});

/** Some releases put quotes around what was configured with them. */
function unquoted(value: string): string {
  return value.replace(/^"+|"+$/g, "");
}

function communityOf(line: string): [string, { acl: string; mode: string }][] {
  const groups =
    /^\s*snmp-server community (?<name>\S+)(?: view \S+)?(?: (?<mode>ro|rw))?(?: ipv6 \S+)?(?: (?<acl>\S+))?\s*$/.exec(
      line,
    )?.groups;
  return groups ? [[groups.name ?? "", { acl: groups.acl ?? "", mode: groups.mode ?? "" }]] : [];
}

/** Startup and running configuration; a candidate exists only within a session, which is not the getter's. */
export const getConfig: EosGetter = function* ({ args: { retrieve = "all", full, sanitized } }) {
  if (!["all", "startup", "running", "candidate"].includes(String(retrieve)))
    throw new InvalidValue(
      "a configuration to retrieve (all, startup, running, candidate)",
      String(retrieve),
    );
  const wanted = (["startup", "running"] as const).filter((one) => retrieve === "all" || retrieve === one);
  const config = { startup: "", running: "", candidate: "" };
  if (wanted.length === 0) return config;
  const running = `show running-config${full ? " all" : ""}${sanitized ? " sanitized" : ""}`;
  const found = yield* texts(wanted.map((one) => (one === "startup" ? "show startup-config" : running)));
  for (const [index, one] of wanted.entries()) config[one] = found[index] ?? "";
  if (sanitized) config.startup = withoutSecrets(config.startup, "eos");
  return config;
};
