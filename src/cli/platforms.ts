import { existsSync } from "node:fs";
import { Command } from "commander";
import { stringify } from "yaml";
import { lintPlatform, type Problem } from "../../plugins/drivers/netmiko/lint.ts";
import type { Platform } from "../../plugins/drivers/netmiko/platform.ts";
import { BUILT_IN, PlatformLibrary } from "../../plugins/drivers/netmiko/platforms.ts";

/** Where the command writes; tests collect instead. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const terminal: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};

/** `netpulse platforms`: what the netmiko driver knows about each kind of device, and a check of one's own files. */
export function platformsCommand(output: Output = terminal): Command {
  const command = new Command("platforms").description("platform files of the netmiko driver");
  command
    .command("list")
    .description("name the platforms, built-in ones and those of a folder")
    .argument("[folder]", "a folder with more platform files")
    .action((folder?: string) => withLibrary(folder, output, (library) => list(library, output)));
  command
    .command("show")
    .description("print a platform as the driver uses it, with everything that it inherits")
    .argument("<name>", "a device type or an alias")
    .argument("[folder]", "a folder with more platform files")
    .action((name: string, folder?: string) =>
      withLibrary(folder, output, (library) => show(library, name, output)),
    );
  command
    .command("lint")
    .description("check platform files: schema, prompts, ways between modes, failures, secrets")
    .argument("[folder]", "a folder with platform files; without it, the built-in ones")
    .action((folder?: string) =>
      withLibrary(folder, output, (library) => lint(library, namesToCheck(library, folder), output)),
    );
  return command;
}

function withLibrary(
  folder: string | undefined,
  output: Output,
  run: (library: PlatformLibrary) => boolean,
): void {
  if (folder !== undefined && !existsSync(folder)) {
    output.err(`There is no folder ${folder}.`);
    process.exitCode = 2;
    return;
  }
  const library = new PlatformLibrary(folder === undefined ? [BUILT_IN] : [BUILT_IN, folder]);
  if (!run(library)) process.exitCode = 1;
}

function list(library: PlatformLibrary, { out }: Output): boolean {
  const platforms = library.names().flatMap((name) => library.find(name) ?? []);
  const width = Math.max(...platforms.map((platform) => platform.name.length));
  const lines = platforms.map(({ name, description, aliases }) => {
    const also = aliases.length === 0 ? "" : ` (also ${aliases.join(", ")})`;
    return `${name.padEnd(width)}  ${description}${also}`;
  });
  // At once, so that `| head` does not end it in the middle.
  out(lines.join("\n"));
  return true;
}

function show(library: PlatformLibrary, name: string, { out, err }: Output): boolean {
  const resolved = library.resolve(name);
  if (!resolved) {
    const similar = library.similar(name);
    err(`There is no platform ${name}.${similar.length === 0 ? "" : ` Similar: ${similar.join(", ")}.`}`);
    return false;
  }
  out(stringify(resolved.platform, { lineWidth: 120, blockQuote: false }).trimEnd());
  return true;
}

/** A user's folder is checked for its own files only: they may extend built-in ones, which are right. */
function namesToCheck(library: PlatformLibrary, folder: string | undefined): readonly string[] {
  return folder === undefined ? library.names() : new PlatformLibrary([folder]).names();
}

function lint(library: PlatformLibrary, names: readonly string[], { out, err }: Output): boolean {
  let wrong = 0;
  for (const name of names) {
    const problems = problemsOf(library, name);
    if (problems.length > 0) wrong++;
    for (const { at, message } of problems) err(`${name}: ${at}: ${message}`);
  }
  const count = `${names.length} ${names.length === 1 ? "platform" : "platforms"}`;
  if (wrong === 0) out(`${count} checked, no problem found`);
  else err(`${count} checked, ${wrong} with problems`);
  return wrong === 0;
}

function problemsOf(library: PlatformLibrary, name: string): readonly Problem[] {
  let platform: Platform | undefined;
  try {
    platform = library.find(name);
  } catch (error) {
    return [{ at: "file", message: error instanceof Error ? error.message : String(error) }];
  }
  return platform ? lintPlatform(platform) : [];
}
