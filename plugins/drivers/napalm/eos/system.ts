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

/** The configurations that are asked for; a candidate is what this session has loaded. */
export const getConfig: EosGetter = function* ({ args, candidate }) {
  const { retrieve = "all", full, sanitized } = args;
  const secrets = sanitized ? " sanitized" : "";
  const commands = {
    startup: "show startup-config",
    running: `show running-config${full ? " all" : ""}${secrets}`,
    ...(candidate !== undefined && { candidate: `show session-config named ${candidate}${secrets}` }),
  };
  if (!CONFIGURATIONS.has(String(retrieve)))
    throw new InvalidValue(
      `a configuration to retrieve (${[...CONFIGURATIONS].join(", ")})`,
      String(retrieve),
    );
  const wanted = Object.entries(commands).filter(([name]) => retrieve === "all" || retrieve === name);
  const found = wanted.length === 0 ? [] : yield* texts(wanted.map(([, command]) => command));
  const config = { startup: "", running: "", candidate: "" };
  Object.assign(config, Object.fromEntries(wanted.map(([name], index) => [name, found[index]])));
  // The device itself takes them out of the other two.
  if (sanitized) config.startup = withoutSecrets(config.startup, "eos");
  return config;
};

const CONFIGURATIONS: ReadonlySet<string> = new Set(["all", "startup", "running", "candidate"]);
