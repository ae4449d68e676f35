import { createInterface } from "node:readline";
import { Command } from "commander";
import type { DevicePool, NetJob, NetTask } from "../../api/index.ts";
import { loadConfig } from "../../config/index.ts";
import { NetPulseError } from "../../errors/define.ts";
import { runErrors } from "../../errors/run.ts";
import { currentRun } from "../../operator/job/run.ts";
import { makeTask } from "../../operator/job/task.ts";
import { systemClock } from "../../runtime/index.ts";
import type { Execution, Turn } from "../../worker/task/execute.ts";
import { asError } from "../../worker/task/perform.ts";
import { localCredentials } from "../run/credentials.ts";
import { localSystem } from "../run/local-system.ts";
import { configMapReader, readObjects } from "../run/objects.ts";
import { collect, EXIT, processStreams, type RunStreams } from "../run/run.ts";
import { commandByCommand } from "./command-by-command.ts";
import { type Console, converse } from "./conversation.ts";

interface ConnectOptions {
  readonly file: string[];
  readonly credentials?: string;
  readonly askPassword: boolean;
  readonly driver?: string;
  readonly arg: string[];
  readonly config?: string;
}

const EXAMPLES = `
Examples:
  netpulse connect leaf-1 -f pool.yaml --ask-password
  netpulse connect r1 -f pool.yaml --arg device_type=cisco_xr
  printf 'show clock\\n' | netpulse connect r1 -f pool.yaml
`;

/** `netpulse connect`: a driver's own session with one device of a pool, for a person, with the mode that the driver sees. */
export function connectCommand(
  streams: RunStreams = processStreams(),
  console: () => Console & { close(): void } = processConsole,
): Command {
  return new Command("connect")
    .description("Talk to a device through a driver's session, and see what the driver sees.")
    .argument("<device>", "a device of the pool")
    .requiredOption("-f, --file <file>", "YAML of the DevicePool, and Secrets; may be repeated", collect, [])
    .option("--credentials <path>", "as for netpulse run")
    .option("--ask-password", "ask for the password at the terminal", false)
    .option("--driver <name>", "another driver than the pool's")
    .option("--arg <name=value>", "an argument of the driver, over the pool's; may be repeated", collect, [])
    .option("--config <file>", "configuration file", process.env.NETPULSE_CONFIG_FILE)
    .addHelpText("after", EXAMPLES)
    .action(async (device: string, options: ConnectOptions) => {
      process.exitCode = await connect(device, options, streams, console);
    });
}

/** Resolves with the exit code when the person or the device ends the session. */
export async function connect(
  device: string,
  options: ConnectOptions,
  streams: RunStreams,
  console: () => Console & { close(): void },
): Promise<number> {
  try {
    const config = loadConfig({ ...(options.config !== undefined && { file: options.config }) });
    const objects = readObjects(options.file);
    const pool = poolOf(objects.pools, device);
    const asked = options.askPassword ? { password: await streams.ask("Password: ") } : undefined;
    const system = localSystem({
      config,
      credentials: localCredentials({
        secrets: objects.secrets,
        secretOf: (name) => pool.spec.credentials?.find((each) => each.name === name)?.secretRef.name,
        path: options.credentials,
        environment: streams.environment,
        asked,
      }),
      objects: configMapReader(objects),
      clock: systemClock,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    try {
      streams.err(`Connecting to ${device} …\n`);
      await system.executor.use(executionOf(pool, device, options, streams), (turn) => talk(turn, console()));
      return EXIT.succeeded;
    } finally {
      await system.close();
    }
  } catch (cause) {
    const error = asError(cause, device);
    streams.err(`${error.code}: ${error.message}\n`);
    return cause instanceof NetPulseError && error.code === "FilesInvalid" ? EXIT.invalid : EXIT.failed;
  }
}

async function talk({ driver, session, context }: Turn, console: Console & { close(): void }): Promise<void> {
  const terminal = driver.terminal(session);
  try {
    if (terminal) return await converse(terminal, console, session.closed);
    await commandByCommand(console, (line) => driver.executeCommand(session, { command: line }, context));
  } finally {
    console.close();
  }
}

function poolOf(pools: readonly DevicePool[], device: string): DevicePool {
  const pool = pools.find(({ spec }) => spec.devices?.some(({ name }) => name === device));
  if (pool) return pool;
  const known = pools.flatMap(({ spec }) => spec.devices ?? []).map(({ name }) => name);
  throw runErrors.FilesInvalid({
    problems: [`no DevicePool of the files has a device ${device}; they have ${known.join(", ") || "none"}`],
  });
}

/** The device as a task would have it. */
function executionOf(
  pool: DevicePool,
  device: string,
  { driver, arg }: ConnectOptions,
  { err }: RunStreams,
): Execution {
  const args = Object.fromEntries(
    arg.map((each) => {
      const at = each.indexOf("=");
      return at < 0 ? [each, true] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
  const job = {
    metadata: { name: "connect", uid: "local", creationTimestamp: new Date(0).toISOString() },
    spec: {
      devices: [device],
      ...((driver !== undefined || arg.length > 0) && { driver: { name: driver, args } }),
    },
  } as unknown as NetJob;
  const planned = { name: "local", worker: "local", devices: [device] };
  const { spec } = makeTask(job, pool, currentRun(job, []), 0, planned, 0) as NetTask;
  const [target] = spec.devices;
  if (!target) throw new TypeError(`there is no device ${device}`);
  return {
    spec,
    device: target,
    signal: new AbortController().signal,
    stopReason: () => undefined,
    notify: (reason, message) => err(`${reason}: ${message}\n`),
    claim: () => Promise.resolve(),
  };
}

/** The terminal of this process, or whatever its input is. */
function processConsole(): Console & { close(): void } {
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY === true,
  });
  const typed = reader[Symbol.asyncIterator]();
  let closed = false;
  reader.once("close", () => {
    closed = true;
  });
  return {
    out: (text) => process.stdout.write(text),
    line: async (prompt) => {
      // Lines of a pipe are still there after its end.
      if (closed) process.stdout.write(prompt);
      else {
        reader.setPrompt(prompt);
        reader.prompt();
      }
      const next = await typed.next();
      if (process.stdin.isTTY !== true) process.stdout.write(`${next.done ? "" : next.value}\n`);
      return next.done ? undefined : next.value;
    },
    close: () => reader.close(),
  };
}
