import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { localClusterErrors } from "../errors/local-cluster.ts";
import { withBuildLock } from "./build-lock.ts";
import { onPath } from "./executables.ts";
import type { GoModule } from "./go-modules.ts";
import { logTail } from "./program.ts";

/** How far a build has come, for a person who waits. */
export interface BuildProgress {
  readonly step: string;
  /** Packages compiled so far, and about how many there are: absent until that is known. */
  readonly done?: number;
  readonly total?: number;
  readonly elapsedMs: number;
  readonly aboutMinutes: number;
}

export interface BuildContext {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: ((progress: BuildProgress) => void) | undefined;
}

/**
 * Builds a module's commands once into `<cache>/<name>-<version>-<os>-<arch>`; returns the path of each. Several
 * processes may ask at once: one builds, the others wait.
 *
 * @throws GoMissing, BuildFailed
 */
export async function buildCommands(
  module: GoModule,
  context: BuildContext,
): Promise<(command: string) => string> {
  const folder = join(context.cache, `${module.name}-${module.version}-${process.platform}-${process.arch}`);
  const pathOf = (command: string) => join(folder, command);
  if (existsSync(folder)) return pathOf;

  const go = onPath("go", context.env.PATH);
  if (go === undefined) throw localClusterErrors.GoMissing({ programs: Object.keys(module.commands) });
  mkdirSync(context.cache, { recursive: true });
  await withBuildLock(
    `${folder}.lock`,
    () => report(module, context, "waiting for another build to end"),
    async () => {
      if (existsSync(folder)) return;
      const work = `${folder}.building`;
      rmSync(work, { recursive: true, force: true });
      mkdirSync(join(work, "bin"), { recursive: true });
      await compile(go, module, context, work);
      renameSync(join(work, "bin"), folder); // a folder of this name is always complete
      rmSync(work, { recursive: true, force: true });
    },
  );
  return pathOf;
}

async function compile(go: string, module: GoModule, context: BuildContext, work: string): Promise<void> {
  const started = performance.now();
  const packages = Object.values(module.commands);
  const log = `${work}.log`;
  rmSync(log, { force: true });
  const run = (args: readonly string[], onLine?: (line: string) => void) =>
    runGo({ go, args, cwd: work, log, what: module.name, env: context.env, onLine });
  const step = (text: string, counts = {}) => report(module, context, text, { started, ...counts });

  step(`downloading the sources of ${module.path} ${module.version}`);
  await writeGoMod(module, work, run);
  const deps = await run([
    "list",
    "-mod=mod",
    "-deps",
    "-f",
    "{{if not .Standard}}{{.ImportPath}}{{end}}",
    ...packages,
  ]);
  const total = deps.split("\n").filter(Boolean).length;
  let done = 0;
  const compiling = `compiling ${Object.keys(module.commands).join(" and ")}`;
  step(compiling, { done, total });
  const flags = ["-mod=mod", "-trimpath", "-buildvcs=false", "-v", "-ldflags", module.ldflags];
  await run(["build", ...flags, "-o", "bin/", ...packages], (line) => {
    // The name of each package as it is compiled; those of Go's own library have no dot in their first element.
    if (/^[^/ ]+\.[^/ ]+\/\S+$/.test(line)) done++;
    step(compiling, { done, total });
  });
  for (const [command, path] of Object.entries(module.commands)) {
    const built = join(work, "bin", path.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? command);
    if (built !== join(work, "bin", command)) renameSync(built, join(work, "bin", command));
  }
}

const downloadSchema = z.object({ GoMod: z.string() });

async function writeGoMod(module: GoModule, work: string, run: RunGo): Promise<void> {
  const replaced: string[] = [];
  if (module.stagingVersion !== undefined) {
    const download = downloadSchema.parse(
      JSON.parse(await run(["mod", "download", "-json", `${module.path}@${module.version}`])),
    );
    const theirs = await readFile(download.GoMod, "utf8");
    for (const [, name] of theirs.matchAll(/^\s*(?:replace\s+)?(\S+) => \.\/staging\/src\/\S+$/gm)) {
      replaced.push(`\t${name} => ${name} ${module.stagingVersion}`);
    }
  }
  const lines = [
    `module netpulse.local/${module.name}`,
    "",
    "go 1.24",
    "",
    `require ${module.path} ${module.version}`,
    "",
  ];
  if (replaced.length > 0) lines.push("replace (", ...replaced, ")", "");
  writeFileSync(join(work, "go.mod"), lines.join("\n"));
}

type RunGo = (args: readonly string[], onLine?: (line: string) => void) => Promise<string>;

interface GoRun {
  readonly go: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly log: string;
  readonly what: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: ((line: string) => void) | undefined;
}

/** Runs go; returns its standard output, gives each line of standard error to `onLine` and to the log. */
async function runGo(run: GoRun): Promise<string> {
  const child = spawn(run.go, run.args, {
    cwd: run.cwd,
    env: { ...run.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(run.log, { flags: "a" });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.write(`${line}\n`);
    run.onLine?.(line);
  });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("close", resolve);
  child.once("error", () => resolve(null));
  const code = await promise;
  await new Promise<void>((written) => log.end(written));
  if (code === 0) return output;
  throw localClusterErrors.BuildFailed({ what: run.what, log: run.log, tail: logTail(run.log, 20) });
}

function report(
  module: GoModule,
  context: BuildContext,
  step: string,
  counts: { started?: number; done?: number; total?: number } = {},
): void {
  const { started = performance.now(), ...rest } = counts;
  const elapsedMs = performance.now() - started;
  context.onProgress?.({ step, elapsedMs, aboutMinutes: module.aboutMinutes, ...rest });
}
