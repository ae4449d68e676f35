import { writeXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { configuration, type JunosGetter } from "./request.ts";
import { table, text, texts, type Values, within } from "./rows.ts";

/** Candidate and running configuration; Junos has no other that it starts with. */
export const getConfig: JunosGetter = function* ({ args }) {
  const { retrieve = "all", sanitized, format = "text" } = args;
  const config = { startup: "", running: "", candidate: "" };
  for (const [name, database] of DATABASES) {
    if (retrieve !== "all" && retrieve !== name) continue;
    const options = { format: String(format), database };
    const found = configText(yield* configuration("", { options }));
    config[name] = sanitized ? withoutSecrets(found, "junos") : found;
  }
  return config;
};

const DATABASES = [
  ["candidate", "candidate"],
  ["running", "committed"],
] as const;

/** Text stands within one element; the configuration as XML is elements itself. */
function configText(reply: XmlElement): string {
  return reply.children.length > 0 ? writeXml(reply) : reply.text;
}

export const getSnmpInformation: JunosGetter = function* () {
  const [snmp] = snmpTable(yield* configuration("snmp"));
  const communities = (snmp?.communities ?? []).flatMap(({ name, mode }) =>
    name === null ? [] : [[name, { acl: "", mode: MODES.get(mode ?? READ_ONLY) ?? "None" }]],
  );
  return {
    chassis_id: snmp?.chassisId ?? "",
    location: snmp?.location ?? "",
    contact: snmp?.contact ?? "",
    community: Object.fromEntries(communities),
  };
};

/** What a community may do unless told. */
const READ_ONLY = "read-only";
const MODES = new Map([
  [READ_ONLY, "ro"],
  ["read-write", "rw"],
]);

const snmpTable = table("snmp", {
  location: text("location"),
  contact: text("contact"),
  chassisId: text("system-name"),
  communities: within("community", { name: text("name"), mode: text("authorization") }),
});

export const getUsers: JunosGetter = function* () {
  const users = userTable(yield* configuration("system/login/user")).flatMap((one) =>
    one.name === null ? [] : [[one.name, userModel(one, LEVELS.get(one.class ?? "") ?? 0)] as const],
  );
  // Root has no entry of its own; without a password it cannot log in.
  const root = rootTable(yield* configuration("system")).flatMap((one) =>
    one.password === null ? [] : [["root", userModel(one, ROOT_LEVEL)] as const],
  );
  return Object.fromEntries([...users, ...root]);
};

function userModel({ password, keys }: Values<ReturnType<typeof credentials>>, level: number) {
  return { level, password: password ?? "", sshkeys: keys };
}

/** Levels as Cisco counts them; classes of one's own are 0. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ["super-user", 15],
  ["superuser", 15],
  ["operator", 5],
  ["read-only", 1],
  ["unauthorized", 0],
]);
const ROOT_LEVEL = 20;

function credentials(path: string) {
  const kinds = ["ssh-rsa", "ssh-dsa", "ssh-ecdsa", "ssh-ed25519"];
  return {
    password: text(`${path}/encrypted-password`),
    keys: texts(kinds.map((kind) => `${path}/${kind}/name`).join("|")),
  };
}

const userTable = table("system/login/user", {
  name: text("name"),
  class: text("class"),
  ...credentials("authentication"),
});
const rootTable = table("system", credentials("root-authentication"));
