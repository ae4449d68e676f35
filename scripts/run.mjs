#!/usr/bin/env node
// Starts a program of this project under the project's own Node, which is installed with the other dependencies, so that
// a machine with an older one will do. Plain JavaScript without dependencies: runs under Node 20, before anything is
// installed.
//
//   node scripts/run.mjs src/cli/main.ts quickstart     a source file
//   node scripts/run.mjs --bin vitest run               a command of a dependency
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(project, "node_modules", ".bin");
const projectNode = join(binaries, "node");

const [first, ...rest] = process.argv.slice(2);
if (first === undefined)
  fail("usage: node scripts/run.mjs <file> [arguments]  or  --bin <command> [arguments]");
if (!isInstalled()) install();
run();

function run() {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}` };
  const [command, args] =
    first === "--bin" ? [join(binaries, rest[0] ?? ""), rest.slice(1)] : [projectNode, [first, ...rest]];
  const child = spawn(command, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl-C reaches the child from the terminal itself; once is enough.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => fail(`${command} could not be started: ${error.message}`));
  child.on("exit", (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 0)),
  );
}

/** Whether what lies in node_modules is what the lock file names; packages for other platforms may be absent. */
function isInstalled() {
  const wanted = packages(join(project, "package-lock.json"));
  const present = packages(join(project, "node_modules", ".package-lock.json"));
  if (wanted === undefined)
    fail("package-lock.json is missing: this is not a complete checkout of NetPulse.");
  return (
    present !== undefined &&
    existsSync(projectNode) &&
    Object.entries(wanted).every(
      ([path, entry]) =>
        path === "" || entry.optional || entry.devOptional || present[path]?.version === entry.version,
    )
  );
}

function packages(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : undefined;
}

function install() {
  const started = Date.now();
  console.error("Installing dependencies with npm ci (about 20 seconds) ...");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const { status, error } = spawnSync(command, [...args, "ci", "--loglevel=error"], {
    cwd: project,
    stdio: "inherit",
  });
  if (error) fail(`npm could not be started (${error.message}). Install Node 20 or later with npm 11.`);
  if (status !== 0) fail("npm ci failed; its messages are above.", status ?? 1);
  if (!existsSync(projectNode)) {
    fail(
      `${projectNode} was not installed: npm must be allowed to run the install script of the package "node".`,
    );
  }
  console.error(`Dependencies are installed (${Math.round((Date.now() - started) / 1000)} s).`);
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
