/** Makes docs/reference/napalm.md from the driver's own tables; with `--check` it only says whether the file is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Deviation, readDeviations } from "../plugins/drivers/napalm/deviations.ts";
import { readOnlyMethods } from "../plugins/drivers/napalm/methods.ts";
import { models } from "../plugins/drivers/napalm/models.ts";
import type { NapalmPlatform } from "../plugins/drivers/napalm/platform.ts";
import { platforms } from "../plugins/drivers/napalm/platforms.ts";
import type { ArgumentRow } from "../src/device/argument-table.ts";

const file = fileURLToPath(new URL("../docs/reference/napalm.md", import.meta.url));
const all = Object.values(platforms);

function reference(): string {
  const shared = all[0]?.arguments.rows.filter(({ part }) => part === "connection") ?? [];
  return [
    HEAD,
    getterTable(),
    VERBS,
    "## Arguments\n\n`driver.args` takes these as they stand or within `optional_args`; an unknown one is refused by name.\n",
    "### All platforms\n",
    argumentTable(shared),
    ...all.flatMap((platform) => [`### \`${platform.name}\`\n`, ownArguments(platform)]),
    DEVIATIONS,
    deviationTable(readDeviations()),
  ].join("\n");
}

function getterTable(): string {
  const names = [...new Set([...Object.keys(models), ...all.flatMap(({ getters }) => getters)])].toSorted();
  const rows = names.map((getter) => {
    const having = all.filter(({ getters }) => getters.includes(getter));
    const parameters = new Set(having.flatMap(({ signatureOf }) => Object.keys(signatureOf(getter).shape)));
    const marks = all.map((platform) => (having.includes(platform) ? "+" : ""));
    return `| \`${getter}\` | ${[...parameters].map((name) => `\`${name}\``).join(", ")} | ${marks.join(" | ")} |`;
  });
  const heading = `| getter | parameters | ${all.map(({ name }) => name).join(" | ")} |`;
  return `${heading}\n|---|---|${all.map(() => "---|").join("")}\n${rows.join("\n")}\n`;
}

function ownArguments({ arguments: table }: NapalmPlatform): string {
  return argumentTable(table.rows.filter(({ part }) => part !== "connection"));
}

function argumentTable(rows: readonly ArgumentRow[]): string {
  const lines = rows.map((row) => {
    const value = row.default === undefined ? "" : `\`${JSON.stringify(row.default)}\``;
    return `| \`${row.name}\` | ${row.type} | ${value} | ${row.use} | ${row.note.replaceAll("|", "\\|")} |`;
  });
  return `| argument | type | default | use | |\n|---|---|---|---|---|\n${lines.join("\n")}\n`;
}

function deviationTable(deviations: readonly Deviation[]): string {
  const lines = deviations.map(
    (deviation) => `| \`${deviation.platform}\` | ${whatOf(deviation)} | ${deviation.why} |`,
  );
  return `| platform | what | why |\n|---|---|---|\n${lines.join("\n")}\n`;
}

function whatOf({ instead, without, stops, besides }: Deviation): string {
  const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;
  if (instead) return `${code(instead.ours)} instead of ${code(instead.theirs)}`;
  if (without !== undefined) return `without ${code(without)}`;
  if (stops !== undefined) return `fails at ${code(stops)}`;
  return `${code(besides?.exchange ?? "")} besides`;
}

const HEAD = `# Driver \`napalm\`

NAPALM's getters, configuration verbs and compliance reports, one model for every vendor. This page is made from the driver's tables by
\`npm run generate\`; [NAPALM compatibility](compatibility/napalm.md) says how it differs from the original.

\`\`\`yaml
driver: { name: napalm, args: { platform: eos } }
call: { method: get_bgp_neighbors }
\`\`\`

## Getters

\`+\`: the platform has it. One that it lacks fails with [NotImplemented](errors.md#NotImplemented), and a parameter that does not fit with
[CallInvalid](errors.md#CallInvalid), before anything is sent. Parameters go by name (\`kwargs\`) or by place (\`args\`), as in NAPALM. All
getters only read. Results have NAPALM's models.
`;

const VERBS = `## Other methods

| method | parameters | only reads |
|---|---|---|
| \`is_alive\` | | yes |
| \`cli\` | \`commands\`, \`encoding\` (\`text\`, \`json\`) | where all its commands do |
| \`compliance_report\` | \`validation_source\` | yes |
| \`plan_config\` | \`config\`, \`mode\`, \`message\`, \`revert_in\` | ${readOnlyMethods.includes("plan_config") ? "yes: shows what a change would tell the device, without asking it" : ""} |
| \`load_merge_candidate\`, \`load_replace_candidate\` | \`config\` | |
| \`load_template\` | \`template_source\` (Jinja2) and its variables | |
| \`compare_config\` | | |
| \`commit_config\` | \`message\`, \`revert_in\` | |
| \`confirm_commit\`, \`discard_config\`, \`rollback\` | | |
| \`has_pending_commit\` | | yes |

What one job loaded stays loaded for the next one as long as the session lasts (strategy \`Pinned\`). A job's \`config\` does all of it at
once: difference, commit, checks, confirmation.
`;

const DEVIATIONS = `## What is told to the device otherwise than by NAPALM
`;

const text = reference();
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    console.error("docs/reference/napalm.md is not current: run npm run generate");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
