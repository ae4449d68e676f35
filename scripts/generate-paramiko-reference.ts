/** Makes docs/reference/paramiko.md from the driver's own tables; with `--check` it only says whether the file is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { argumentTable } from "../plugins/drivers/paramiko/args.ts";
import { methods } from "../plugins/drivers/paramiko/methods.ts";
import type { ArgumentRow } from "../src/device/argument-table.ts";

const file = fileURLToPath(new URL("../docs/reference/paramiko.md", import.meta.url));

const parts: readonly (readonly [ArgumentRow["part"], string])[] = [
  ["connection", "Connection"],
  ["command", "Programs"],
  ["own", "Of this driver"],
];

function reference(): string {
  const tables = parts.map(([part, title]) => {
    const rows = argumentTable.filter((row) => row.part === part).map(argumentLine);
    return `### ${title}\n\n| argument | type | default | use | |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `${HEAD}\n${tables.join("\n")}\n${METHODS}\n${methodLines()}\n`;
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

const HEAD = `# Driver \`paramiko\`

Programs on hosts and appliances over SSH: Linux, BSD, everything that runs a command and gives an exit status. This page is made from
the driver's tables by \`npm run generate\`; [Run programs on Linux hosts](../how-to/run-on-linux-hosts.md) shows the use.

\`\`\`yaml
driver:
  name: paramiko
  args: { timeout: 60 }
\`\`\`

## What it does

| of a job | here |
|---|---|
| \`commands\` | one program each, on a channel of its own: \`output\` (stdout), \`stderr\`, \`exitStatus\`. An exit status other than 0 is \`CommandFailed\` |
| \`commandDetails\` | \`environment\`, \`workingDirectory\`, \`timeLimitSeconds\`, \`readTimeoutSeconds\` (longest silence), \`continueOnError\`, \`sudo\`, \`pty\`, \`dialogue\` |
| \`script\` | its text goes to a private file on the host, which is removed after it |
| \`config\` | its lines run one by one, each as a command of its own; the first that fails ends the change unless \`onError: Continue\` |
| \`transfer\` | files by SFTP or SCP ([how to](../how-to/transfer-files.md)) |
| \`options.verify\` | commands whose stdout is checked |
| \`options.detach\` | the program outlives the session and the worker |
| \`call\` | the methods below |

Refused before anything is sent: \`options.save\`, \`dryRun\`, \`commit\`, \`configMode: Replace\`, \`onError: Rollback\`, \`enableMode\` with
commands (use sudo), and with \`options.detach\` a terminal, a dialogue and \`timeLimitSeconds\`.

**sudo.** The password is the key \`sudo_password\` of the credential's Secret, else the login password. It is sent only to sudo's own prompt,
which has a random text, and once: a second prompt is \`SudoFailed\`. A refused password then rests, 30 s at first and longer each time
(\`LoginPaused\`), so that no account is locked out. Without any password sudo is called with \`-n\`. A command of plain words goes to sudo itself, so that rules in sudoers for single programs apply; anything with quotes,
variables, pipes or redirections goes to a shell that sudo starts.

**Time limits.** A program that takes longer is ended with everything it started: TERM to its process group, KILL after 2 s, then its channel.
OpenSSH sends the signals itself; for root, for sudo and for other servers a second channel does, so that with \`MaxSessions 1\` such a
program may go on. The outputs until then are kept.

**Detached programs** have a folder each in \`$XDG_STATE_HOME/netpulse\` (\`~/.local/state/netpulse\`; without a home \`/var/tmp/netpulse-UID\`),
which only the user can read. Of a log of more than 1 GiB the last 700 MiB stay. They need \`/proc\`, \`mkfifo\`, \`dd\`, \`head\` and \`tail\`.
systemd ends them at logout where logind is configured with \`KillUserProcesses=yes\` (\`loginctl enable-linger USER\` prevents that).

**What only reads** needs no claim and may be repeated: single programs from \`src/device/reading-programs.yaml\`, without pipes, redirections,
substitutions, answers and variables. Everything else may change the host.

## Arguments

The names of NetPulse's paramiko driver are known here: *used*, *ignored* (accepted without effect), or *refused* with what to do instead.
An argument that is not in the tables is refused by name.
`;

const METHODS = `## Methods

For \`call: {method, kwargs}\`. Programs are started with \`options.detach\`.
`;

const text = reference();
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    console.error("docs/reference/paramiko.md is not current: run npm run generate");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
