import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Command, Option } from "commander";
import type { DevicePool, NetJob } from "../../api/index.ts";
import { type Config, loadConfig } from "../../config/index.ts";
import { NetPulseError } from "../../errors/define.ts";
import { runErrors } from "../../errors/run.ts";
import type { Logger } from "../../plugin/index.ts";
import { systemClock } from "../../runtime/index.ts";
import { localCredentials } from "./credentials.ts";
import { runLocally } from "./local-job.ts";
import { localSystem } from "./local-system.ts";
import { configMapReader, type LocalObjects, readObjects } from "./objects.ts";
import { RunProgress } from "./progress.ts";
import { type Format, report } from "./report.ts";

/** What the command reads and writes; tests give their own. */
export interface RunStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The first call asks the job to end safely, the second ends it at once. */
  readonly onInterrupt: (listener: () => void) => void;
  readonly ask: (question: string) => Promise<string>;
}

export interface RunOptions {
  readonly file: string[];
  readonly device: string[];
  readonly credentials?: string;
  readonly askPassword: boolean;
  readonly diff: boolean;
  readonly output: Format;
  readonly volume: string[];
  readonly fetched: string;
  readonly quiet: boolean;
  readonly config?: string;
}

/** Exit codes, by the worst that happened. */
export const EXIT = { succeeded: 0, failed: 1, invalid: 2, notCompliant: 3, interrupted: 130 } as const;

const EXAMPLES = `
Exit codes: 0 all devices succeeded, 1 a device failed, 2 files or job are not valid, 3 a device does not comply, 130 interrupted.

Examples:
  netpulse run -f job.yaml -f pool.yaml --ask-password
  netpulse run -f job.yaml -f pool.yaml --diff --device leaf-1
  NETPULSE_USERNAME=ci NETPULSE_PASSWORD=... netpulse run -f job.yaml -f pool.yaml -o json
`;

/** `netpulse run`: NetJobs carried out by this process on the devices of a DevicePool, with no cluster. */
export function runCommand(streams: RunStreams = processStreams()): Command {
  return new Command("run")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.invalid))
    .description("Run NetJobs here, without a cluster.")
    .requiredOption(
      "-f, --file <file>",
      "YAML of NetJobs, their DevicePool, and Secrets and ConfigMaps that they use; may be repeated, - is standard input",
      collect,
      [],
    )
    .option("--device <name>", "only this device of the job; may be repeated", collect, [])
    .option(
      "--credentials <path>",
      "folder of credentials (a folder each, a file per key) or a YAML file of them; otherwise Secrets of -f, then NETPULSE_USERNAME, NETPULSE_PASSWORD, NETPULSE_SECRET, NETPULSE_PRIVATE_KEY_FILE and NETPULSE_PASSPHRASE",
    )
    .option("--ask-password", "ask for the password at the terminal", false)
    .option("--diff", "only show what a change would do (options.dryRun)", false)
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["table", "json", "yaml"])
        .default("table"),
    )
    .option(
      "--volume <name=folder>",
      "a folder that transfers may read from and write to; may be repeated",
      collect,
      [],
    )
    .option("--fetched <folder>", "where files go that a job fetches to its output", "fetched")
    .option("-q, --quiet", "no progress on standard error", false)
    .option(
      "--config <file>",
      "configuration file, for plugins and template libraries",
      process.env.NETPULSE_CONFIG_FILE,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options, streams);
    });
}

/** Runs the jobs one after another and returns the exit code. */
export async function run(options: RunOptions, streams: RunStreams): Promise<number> {
  try {
    const loaded = loadConfig({ ...(options.config !== undefined && { file: options.config }) });
    const volumes = { ...loaded.worker.volumes, ...volumesOf(options.volume) };
    const config = { ...loaded, worker: { ...loaded.worker, volumes } };
    const objects = readObjects(options.file);
    const jobs = chosenJobs(objects, options);
    const asked = options.askPassword ? { password: await streams.ask("Password: ") } : undefined;
    return await runAll(jobs, objects, { ...options, config, asked }, streams);
  } catch (error) {
    if (!(error instanceof NetPulseError)) throw error;
    streams.err(`${error.code}: ${error.message}\n`);
    return EXIT.invalid;
  }
}

interface Prepared extends RunOptions {
  readonly asked?: Readonly<Record<string, string>> | undefined;
}

async function runAll(
  jobs: readonly { readonly job: NetJob; readonly pool: DevicePool }[],
  objects: LocalObjects,
  options: Omit<Prepared, "config"> & { readonly config: Config },
  streams: RunStreams,
): Promise<number> {
  const progress = new RunProgress(
    options.quiet ? () => {} : streams.err,
    streams.isTerminal && !options.quiet,
  );
  const abort = new AbortController();
  let interrupts = 0;
  streams.onInterrupt(() => {
    interrupts += 1;
    progress.say(interrupts === 1 ? "Ending safely; once more ends at once." : "Ending at once.");
    if (interrupts > 1) abort.abort("interrupted at the terminal");
  });
  const pools = new Map(
    jobs.flatMap(({ pool }) => pool.spec.credentials ?? []).map((c) => [c.name, c.secretRef.name]),
  );
  const { config, credentials: path, asked } = options;
  const system = localSystem({
    config,
    credentials: localCredentials({
      secrets: objects.secrets,
      secretOf: (name) => pools.get(name),
      path,
      environment: streams.environment,
      asked,
    }),
    objects: configMapReader(objects),
    clock: systemClock,
    log: quietLog(streams.err),
  });
  const finished: NetJob[] = [];
  try {
    for (const { job, pool } of jobs)
      finished.push(
        await runLocally(job, pool, {
          ...system,
          clock: systemClock,
          stopping: () => interrupts > 0,
          signal: abort.signal,
          fetched: options.fetched,
          onStart: (device) => progress.started(device),
          onEnd: (result) => progress.ended(result),
          notify: (device, reason, message) => progress.say(`${device}: ${reason}: ${message}`),
        }),
      );
  } finally {
    progress.finish();
    await system.close();
  }
  streams.out(report(finished, options.output));
  return interrupts > 0 ? EXIT.interrupted : exitCode(finished);
}

/** The jobs with their pools, as `--device` and `--diff` want them. */
function chosenJobs(
  { jobs, pools }: LocalObjects,
  { device, diff, file }: RunOptions,
): { job: NetJob; pool: DevicePool }[] {
  const problems: string[] = [];
  if (jobs.length === 0) problems.push(`there is no NetJob in ${file.join(", ")}`);
  const chosen = jobs.flatMap((job) => {
    const name = job.spec.poolRef.name;
    const pool = pools.find((each) => each.metadata.name === name);
    if (!pool) problems.push(`NetJob ${job.metadata.name}: DevicePool ${name} is in none of the files`);
    if (diff && job.spec.config === undefined && job.spec.render === undefined)
      problems.push(`NetJob ${job.metadata.name}: --diff needs a job with config or render`);
    const { deviceSelector: _replaced, ...others } = job.spec;
    const spec = {
      ...(device.length > 0 ? { ...others, devices: [...device] } : job.spec),
      ...(diff && { options: { ...job.spec.options, dryRun: true } }),
    };
    return pool ? [{ job: { ...job, spec }, pool }] : [];
  });
  if (problems.length > 0) throw runErrors.FilesInvalid({ problems });
  return chosen;
}

function volumesOf(given: readonly string[]): Record<string, { path: string; writable: boolean }> {
  const pairs = given.map((each) => {
    const at = each.indexOf("=");
    if (at < 1) throw runErrors.FilesInvalid({ problems: [`--volume ${each}: write it as name=folder`] });
    return [each.slice(0, at), { path: resolve(each.slice(at + 1)), writable: true }] as const;
  });
  return Object.fromEntries(pairs);
}

function exitCode(jobs: readonly NetJob[]): number {
  const conditions = jobs.flatMap(({ status }) => status?.conditions ?? []);
  const failed = conditions.filter(({ type, status }) => type === "Succeeded" && status === "False");
  if (failed.some(({ reason }) => reason === "InvalidSpec")) return EXIT.invalid;
  if (failed.length > 0) return EXIT.failed;
  return conditions.some(({ type, status }) => type === "Compliant" && status !== "True")
    ? EXIT.notCompliant
    : EXIT.succeeded;
}

/** Only what needs attention reaches the terminal. */
function quietLog(err: (text: string) => void): Logger {
  const say = (_fields: object, message = "") => err(`${message}\n`);
  return { debug: () => {}, info: () => {}, warn: say, error: say };
}

export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function processStreams(): RunStreams {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    environment: process.env,
    onInterrupt: (listener) => void process.on("SIGINT", listener),
    ask: askHidden,
  };
}

/** Asks at the terminal; what is typed is not shown. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  try {
    return await reader.question("");
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
