import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PYTHON = process.env.PYTHON ?? "python3";
const HERE = fileURLToPath(new URL(".", import.meta.url));
const CACHE = fileURLToPath(new URL("../.cache/bench-python", import.meta.url));

/** The release that two benches measure. */
export const PARAMIKO = "paramiko==5.1.0";

/** Installs Python packages into a folder of the benchmarks unless they are there, and returns it. */
export function pythonPackages(
  requirements: readonly string[],
  options: { readonly withDependencies?: boolean } = {},
): string {
  // A folder for each set: what one needs may be too new for another.
  const folder = join(CACHE, requirements.join("_"));
  const missing = requirements.filter(
    (requirement) => !existsSync(join(folder, metadataFolder(requirement))),
  );
  const alone = options.withDependencies ? [] : ["--no-deps"];
  if (missing.length > 0) {
    command(["-m", "pip", "install", "--quiet", ...alone, "--upgrade", "--target", folder, ...missing]);
  }
  return folder;
}

/** Runs a script, named from this folder, with a JSON file as its argument; it prints its figures as JSON. */
export function runPython<T>(packages: string, script: string, argument: unknown): T {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-bench-"));
  try {
    const file = join(folder, "argument.json");
    writeFileSync(file, JSON.stringify(argument));
    return JSON.parse(command([join(HERE, script), file], { PYTHONPATH: packages }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where pip puts the metadata of `ntc-templates==9.3.0`. */
function metadataFolder(requirement: string): string {
  const [name = "", version = ""] = requirement.split("==");
  return `${name.replaceAll("-", "_")}-${version}.dist-info`;
}

function command(args: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
  const { status, signal, stdout, stderr, error } = spawnSync(PYTHON, args, {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${PYTHON} ${args.join(" ")} ended with ${status ?? signal}: ${stderr}`);
  return stdout;
}
