import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, CHOICE, cli, whole } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** How a secret is given, and the word for it in the configuration. */
const ENCRYPTIONS: Readonly<Record<string, string>> = {
  cleartext: "0",
  md5: "5",
  sha512: "sha512",
  nologin: "*",
};

/** Local users: privilege, role, secret and SSH key. */
export const users: ApiModule = {
  get: reads(["name"], {}, async (node, { name }) => (await getAll(node))[String(name)] ?? null),
  getall: reads([], {}, getAll),
  create: changes(["name"], { nopassword: null, secret: null, encryption: null }, (node, args) => {
    if (args.secret !== null || args.encryption === "nologin") return createWithSecret(node, args);
    if (args.nopassword === true) return node.configure([cli`username ${args.name} nopassword`]);
    throw new ArgumentError("a new user needs nopassword: true or a secret");
  }),
  create_with_secret: changes(["name", "secret", "encryption"], {}, createWithSecret),
  create_with_nopassword: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`username ${name} nopassword`]),
  ),
  delete: changes(["name"], {}, (node, { name }) => {
    if (name === "admin") throw new ArgumentError("the user admin cannot be deleted");
    return node.configure([cli`no username ${name}`]);
  }),
  default: changes(["name"], {}, (node, { name }) => node.configure([cli`default username ${name}`])),
  set_privilege: changes(["name"], { value: null }, (node, { name, value }) =>
    node.configure([cli`username ${name} privilege ${value === null ? 1 : whole("value", value, 0, 15)}`]),
  ),
  set_role: changes(["name"], CHOICE, (node, args) =>
    node.configure([build(cli`username ${args.name} role`, args)]),
  ),
  set_sshkey: changes(["name"], CHOICE, async (node, args) =>
    node.configure([build(cli`username ${args.name} ${await sshKeyword(node)}`, args)]),
  ),
};

function createWithSecret(
  node: EapiNode,
  args: { readonly name: unknown; readonly secret: unknown; readonly encryption: unknown },
): Promise<boolean> {
  const kind = args.encryption || "cleartext";
  const word = ENCRYPTIONS[String(kind)];
  if (word === undefined)
    throw new ArgumentError(`encryption must be one of ${Object.keys(ENCRYPTIONS).join(", ")}`);
  const line = cli`username ${args.name} secret ${word}`;
  return node.configure([kind === "nologin" ? line : cli`${line} ${args.secret}`]);
}

const USER =
  /username (?<user>\S+) privilege (?<privilege>\d+)(?: role (?<role>\S+))?(?: (?<nopassword>nopassword))?(?: secret (?<format>0|5|7|sha512) (?<secret>.+))?.*$\n(?:username \k<user> (?:KEYWORD) (?<key>.+)$)?/gm;

async function getAll(node: EapiNode): Promise<Record<string, unknown>> {
  const keyword = await sshKeyword(node);
  const entries = new RegExp(USER.source.replace("KEYWORD", keyword.replace("-", ".")), USER.flags);
  const all: Record<string, unknown> = {};
  for (const { groups } of (await node.runningConfig()).matchAll(entries)) {
    const { user = "", privilege, role = "", nopassword, format = "", secret = "", key = "" } = groups ?? {};
    all[user] = { privilege, role, nopassword: nopassword !== undefined, format, secret, [keyword]: key };
  }
  return all;
}

/** EOS 4.23 renamed the command, and pyeapi the key of the result with it. */
async function sshKeyword(node: EapiNode): Promise<string> {
  return (await node.versionAtLeast("4.23")) ? "ssh-key" : "sshkey";
}
