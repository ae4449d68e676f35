/** Makes docs/reference/pyeapi.md from the driver's own tables; with `--check` it only says whether the file is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiModules } from "../plugins/drivers/pyeapi/api/modules.ts";
import { argumentTable } from "../plugins/drivers/pyeapi/args.ts";
import { nodeMethods } from "../plugins/drivers/pyeapi/node-methods.ts";
import type { ArgumentRow } from "../src/device/argument-table.ts";
import { TRANSPORTS } from "../src/device/eapi/transports.ts";

const file = fileURLToPath(new URL("../docs/reference/pyeapi.md", import.meta.url));

const parts: readonly (readonly [ArgumentRow["part"], string])[] = [
  ["connection", "Connection (`connect`)"],
  ["node", "Node"],
  ["request", "Requests (`run_commands`, `enable`)"],
  ["own", "Of this driver"],
];

interface Method {
  readonly required: readonly string[];
  readonly optional: Readonly<Record<string, unknown>>;
  readonly readsOnly: boolean;
}

function reference(): string {
  const tables = parts.map(([part, title]) => {
    const rows = argumentTable.filter((row) => row.part === part).map(argumentLine);
    return `### ${title}\n\n| argument | type | default | use | |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  const modules = Object.entries(apiModules).map(
    ([name, methods]) => `### \`${name}\`\n\n${methodTable(methods, `${name}.`)}\n`,
  );
  return `${HEAD}\n${transports()}\n\n${ARGUMENTS}\n${tables.join("\n")}\n${METHODS}\n${methodTable(nodeMethods, "")}\n\n${MODULES}\n${modules.join("\n")}`;
}

function transports(): string {
  const rows = Object.entries(TRANSPORTS).map(
    ([name, { protocol, port, authentication, path }]) =>
      `| \`${name}\` | ${protocol} | ${port} | ${authentication} | \`${path}\` |`,
  );
  return `| transport | | port | login | path |\n|---|---|---|---|---|\n${rows.join("\n")}`;
}

function argumentLine(row: ArgumentRow): string {
  const value = row.default === undefined ? "" : `\`${JSON.stringify(row.default)}\``;
  return `| \`${row.name}\` | ${row.type} | ${value} | ${row.use} | ${row.note.replaceAll("|", "\\|")} |`;
}

function methodTable(methods: Readonly<Record<string, Method>>, prefix: string): string {
  const line = ([name, { required, optional, readsOnly }]: [string, Method]) => {
    const more = Object.entries(optional).map(([key, value]) =>
      value === undefined ? `\`${key}\`` : `\`${key}=${JSON.stringify(value)}\``,
    );
    const parameters = [...required.map((key) => (key === "…" ? key : `\`${key}\``)), ...more].join(", ");
    return `| \`${prefix}${name}\` | ${parameters} | ${readsOnly ? "yes" : ""} |`;
  };
  return `| method | parameters | only reads |\n|---|---|---|\n${Object.entries(methods).map(line).join("\n")}`;
}

const HEAD = `# Driver \`pyeapi\`

Arista EOS over eAPI, with pyeapi's calls and results. This page is made from the driver's tables by \`npm run generate\`.

\`\`\`yaml
driver:
  name: pyeapi
  args: { transport: https_session }
call: { method: vlans.create, args: ["20"] }
\`\`\`

## Trust and login

The device's certificate is verified before anything is sent. What is trusted, first that applies:

1. \`driver.args.certificate_fingerprints\`: only these certificates, whoever signed them.
2. A certificate whose SHA-256 fingerprint is in the device's \`hostKeys\` of the pool.
3. A certificate for the device's host (or \`server_name\`), signed by the authority in the Secret's key \`ca.crt\`; without that key by
   one that the worker's system trusts.
4. With the host key policy \`Insecure\` any certificate, and HTTP without TLS.

Keys of the Secret that the pool's credential names: \`username\`, \`password\`, \`secret\` (the enable password), \`ca.crt\`, \`tls.crt\` and
\`tls.key\` (a client certificate), \`eapi.conf\` (connections as pyeapi reads them; the one that is called like the device, or
\`driver.args.connection\`, gives what the Secret and the arguments leave open: transport, port, user, passwords).

A connection is kept open between requests. A request is never sent twice, except after a forgotten session cookie, when the device has
refused it unread.

## Commands and configuration

A command's output is the structured reply as JSON text, or plain text where the command has no JSON form or \`encoding: text\` asks for it.
Text is passed on while it arrives. The steps of a \`dialogue\` are the command's input.

Configuration is one request within a configuration session of its own, which is committed whole or not at all: \`dryRun\` shows the
session's difference, \`configMode: Replace\` begins with \`rollback clean-config\`, \`commit.confirmTimeoutSeconds\` commits with a timer that is
confirmed after the checks in \`verify\`; a failed check takes the change back at once, and so does the device by itself if the worker is lost.
\`onError: Rollback\` with checks uses a timer of five minutes. \`onError: Continue\` commits the session without the refused lines.

## Transports
`;

const ARGUMENTS = `## Arguments

Every argument of pyeapi is known here: *used*, *ignored* (accepted without effect), or *refused* with what to do instead. An argument
that is not in the tables is refused by name.
`;

const METHODS = `## Methods of the node

For \`call: {method, args}\`; \`args\` is a list or a map of the parameters. A session that \`configure_session\` opens collects what later calls
configure until \`commit\` or \`abort\`; it ends with the connection, so such jobs need \`strategy: Pinned\`.
`;

const MODULES = `## API modules

Setters take \`value\`, \`default\` (the device's default) or \`disable\` (\`no …\`). A method with … takes the parameters of the kind of
interface or access list that its first argument names. A change that the device refuses is an error of the job.
`;

const text = reference();
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    console.error("docs/reference/pyeapi.md is not current: run npm run generate");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
