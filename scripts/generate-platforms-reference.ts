/**
 * Writes docs/reference/platforms.md and the tables of docs/reference/compatibility/netmiko.md from the platform files and the
 * conformance suite. With --check it writes nothing and exits with 1 when one of them is not what it would write.
 *
 *     node scripts/generate-platforms-reference.ts [--check]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Platform, roleMode, stepList } from "../plugins/drivers/netmiko/platform.ts";
import { PlatformLibrary } from "../plugins/drivers/netmiko/platforms.ts";
import { excuses } from "../src/cli/conformance/netmiko/excuses.ts";
import { rules } from "../src/cli/conformance/netmiko/fault-rules.ts";
import { type ScrapliNames, scrapliNames } from "../src/cli/conformance/netmiko/scrapli-names.ts";

const COMPATIBILITY = "docs/reference/compatibility/netmiko.md";

const tables: Readonly<Record<string, string>> = {
  excuses: table(
    ["rule", "what it covers"],
    excuses.map(({ name, rule }) => [name, rule]),
  ),
  faults: table(
    ["fault", "right outcome"],
    Object.entries(rules).map(([fault, right]) => [fault, right]),
  ),
  scrapli: table(
    ["scrapli", "here", "modes under another name"],
    Object.entries(scrapliNames()).map(scrapliRow),
  ),
};

const files: Readonly<Record<string, string>> = {
  "docs/reference/platforms.md": platformsPage(),
  [COMPATIBILITY]: withTables(read(COMPATIBILITY) ?? "", tables),
};

for (const [name, content] of Object.entries(files)) {
  if (!process.argv.includes("--check")) {
    writeFileSync(new URL(`../${name}`, import.meta.url), content);
  } else if (content !== read(name)) {
    console.error(`${name} is not current: run node scripts/generate-platforms-reference.ts`);
    process.exitCode = 1;
  }
}

function platformsPage(): string {
  const library = new PlatformLibrary();
  const platforms = library.names().flatMap((name) => library.find(name) ?? []);
  const types = platforms.length + platforms.reduce((sum, { aliases }) => sum + aliases.length, 0);
  return `# Platforms

The ${types} device types of driver \`netmiko\`, described by ${platforms.length} files. \`device_type\` takes a name or an alias, each also with \`_ssh\`,
\`_telnet\` (where the pool allows Telnet) and \`_serial\` (a console server, by SSH). \`netpulse platforms show NAME\` prints
everything that is known about one; [how to add one](../how-to/add-a-platform.md).

- **modes**: the ways of the command line that it knows; the first is the one after login.
- **save**: what keeps a change for the next start, if the job asks for it.
- **commit**: for platforms with a candidate, who may see it: \`private\` to the session, \`exclusive\` by a lock, or \`shared\`.
- **detected**: \`device_type: autodetect\` recognises it.

${table(["device type", "what", "aliases", "modes", "save", "commit", "detected"], platforms.map(platformRow))}
`;
}

function platformRow(platform: Platform): string[] {
  const { name, description, aliases, modes, save, candidate, detect } = platform;
  const config = roleMode(platform, "config");
  return [
    `\`${name}\``,
    description,
    aliases.map((alias) => `\`${alias}\``).join(", "),
    Object.keys(modes)
      .map((mode) => (mode === config ? `**${mode}**` : mode))
      .join(", "),
    stepList(save)
      .filter(({ send }) => send !== "")
      .map(({ send }) => `\`${send}\``)
      .join(", "),
    candidate?.isolation ?? "",
    detect.length > 0 ? "yes" : "",
  ];
}

function scrapliRow([name, { platform, modes }]: [string, ScrapliNames[string]]): string[] {
  const renamed = Object.entries(modes).map(([mode, ours]) => `${mode}: ${ours.join(" or ")}`);
  return [name, `\`${platform ?? name}\``, renamed.join(", ")];
}

/** Puts each table between its two comments; a page without them stays as it is. */
function withTables(page: string, contents: Readonly<Record<string, string>>): string {
  let result = page;
  for (const [name, content] of Object.entries(contents)) {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    result = result.replace(place, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
  }
  return result;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function read(name: string): string | undefined {
  try {
    return readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
}
