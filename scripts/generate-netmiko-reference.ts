/** Makes docs/reference/netmiko.md from the driver's own tables; with `--check` it only says whether the file is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { argumentTable } from "../plugins/drivers/netmiko/args.ts";
import { methods } from "../plugins/drivers/netmiko/methods.ts";
import { PlatformLibrary } from "../plugins/drivers/netmiko/platforms.ts";
import type { ArgumentRow } from "../src/device/argument-table.ts";
import { posixFileCommands } from "../src/device/transfer/index.ts";

const file = fileURLToPath(new URL("../docs/reference/netmiko.md", import.meta.url));

const parts: readonly (readonly [ArgumentRow["part"], string])[] = [
  ["connection", "Connection (`ConnectHandler`)"],
  ["command", "Commands (`send_command`)"],
  ["config", "Configuration (`send_config_set`)"],
  ["own", "Of this driver"],
];

function reference(): string {
  const tables = parts.map(([part, title]) => {
    const rows = argumentTable.filter((row) => row.part === part).map(argumentLine);
    return `### ${title}\n\n| argument | type | default | use | |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `${HEAD}\n${tables.join("\n")}\n${METHODS}\n${methodLines()}\n\n${FILES}\n${fileLines()}\n\n${PLATFORMS}\n${platformLines()}\n`;
}

function argumentLine(row: ArgumentRow): string {
  const value = row.default === undefined ? "" : `\`${JSON.stringify(row.default)}\``;
  return `| \`${row.name}\` | ${row.type} | ${value} | ${row.use} | ${row.note.replaceAll("|", "\\|")} |`;
}

function methodLines(): string {
  const line = ([name, { parameters, readsOnly }]: [string, (typeof methods)[string]]) =>
    `| \`${name}\` | ${parameters.map((p) => `\`${p}\``).join(", ")} | ${readsOnly ? "yes" : ""} |`;
  return `| method | parameters | only reads |\n|---|---|---|\n${Object.entries(methods).map(line).join("\n")}`;
}

/** The platforms that can be asked about files; many share a line. */
function fileLines(): string {
  const library = new PlatformLibrary();
  const alike = new Map<string, string[]>();
  for (const name of library.names()) {
    const platform = library.find(name);
    const files = platform?.files ?? (platform?.posixShell ? posixFileCommands : undefined);
    if (!files) continue;
    const digests = [...new Set(files.checksum.map(({ algorithm }) => algorithm))].join(", ");
    const what = `${digests} | ${files.freeSpace ? "yes" : ""} | ${files.replace ? "yes" : "with SFTP"} |`;
    alike.set(what, [...(alike.get(what) ?? []), `\`${name}\``]);
  }
  const lines = [...alike].map(([what, names]) => `| ${names.join(", ")} | ${what}`);
  return `| device type | digest | free space | renames |\n|---|---|---|---|\n${lines.join("\n")}`;
}

function platformLines(): string {
  const library = new PlatformLibrary();
  const lines = library.names().map((name) => {
    const platform = library.find(name);
    const aliases = platform?.aliases.map((alias) => `\`${alias}\``).join(", ") ?? "";
    const commits = platform?.candidate ? (platform.candidate.use === "always" ? "always" : "on demand") : "";
    return `| \`${name}\` | ${platform?.description ?? ""} | ${aliases} | ${commits} | ${platform?.rollback ? "yes" : ""} |`;
  });
  return `| device type | | also | candidate | rollback |\n|---|---|---|---|---|\n${lines.join("\n")}`;
}

const HEAD = `# Driver \`netmiko\`

Command lines of network devices over SSH and Telnet. This page is made from the driver's tables by \`npm run generate\`.

\`\`\`yaml
driver:
  name: netmiko
  args: { device_type: cisco_ios }
\`\`\`

How sessions behave is told in [Sessions](../concepts/sessions.md).

## Arguments

Every argument of Netmiko is known here: *used*, *ignored* (accepted without effect), or *refused* with what to do instead. An
argument that is not in the tables is refused by name. Patterns are JavaScript regular expressions.
`;

const METHODS = `## Methods

For jobs that call single methods (\`call: {method, args}\`), under Netmiko's names. A job's \`commands\` and \`config\` need none of them.
`;

const FILES = `## Files

A \`transfer\` goes by SFTP or SCP beside the command line ([how to](../how-to/transfer-files.md)). These device types are asked for the
digest of a file and for free space; all others carry files too, and sizes are compared.
`;

const PLATFORMS = `## Device types

\`device_type: autodetect\` finds the type out. A name with \`_ssh\` or \`_telnet\` chooses the transport; Telnet needs the host key
policy \`Insecure\`. *Candidate*: configuration takes effect as a whole when it is committed, always or where a job asks for a dry run,
a rollback or a confirmed commit. *Rollback*: without a candidate, \`onError: Rollback\` goes back to a checkpoint.
`;

const text = reference();
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    console.error("docs/reference/netmiko.md is not current: run npm run generate");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
