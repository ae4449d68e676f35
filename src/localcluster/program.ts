import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { localClusterErrors } from "../errors/local-cluster.ts";

/** What to run, and where its output goes. */
export interface ProgramOptions {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Standard output and standard error are appended to this file. */
  readonly log: string;
  /** The system kills the program when this process is killed (Linux with util-linux; elsewhere it has no effect). */
  readonly dieWithParent?: boolean;
}

/** How a program ended; `signal` is set when it was killed. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A program that runs beside this process, in a process group of its own, so that Ctrl-C in the terminal reaches only
 * this process, which then ends its programs in the right order.
 */
export class Program {
  readonly name: string;
  readonly log: string;
  /** Resolves when the program has ended, however it did. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;
  #stopping = false;

  private constructor(options: ProgramOptions, child: ChildProcess) {
    this.name = options.name;
    this.log = options.log;
    this.#child = child;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      this.#exit = { code, signal };
      resolve(this.#exit);
    };
    child.once("exit", ended);
    child.once("error", () => ended(null, null));
  }

  /** Starts the program; that it could not be started is seen as its exit. */
  static start(options: ProgramOptions): Program {
    const log = openSync(options.log, "a", 0o600);
    try {
      const [path, ...args] = commandLine(options);
      const child = spawn(path, args, {
        stdio: ["ignore", log, log],
        detached: true,
        env: options.env ?? process.env,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      });
      return new Program(options, child);
    } finally {
      closeSync(log);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /** Sends a signal to the whole process group; nothing happens when it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.running && this.pid !== undefined) signalGroup(this.pid, signal);
  }

  /** SIGTERM, then SIGKILL after `graceMs`, or at once without any grace; resolves when the program has ended. */
  async stop(graceMs: number): Promise<Exit> {
    this.#stopping = true;
    this.signal(graceMs > 0 ? "SIGTERM" : "SIGKILL");
    const killer = setTimeout(() => this.signal("SIGKILL"), graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(killer);
    }
  }

  /** Rejects when the program ends without having been asked to by `stop`. */
  async failure(): Promise<never> {
    const exit = await this.exited;
    if (this.#stopping) return new Promise(() => {});
    throw localClusterErrors.ProgramExited({
      program: this.name,
      how: describeExit(exit),
      log: this.log,
      tail: logTail(this.log),
    });
  }
}

const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

function commandLine(options: ProgramOptions): [string, ...string[]] {
  // setpriv replaces itself by the program, so pid and signals are the program's own.
  return options.dieWithParent && SETPRIV !== undefined
    ? [SETPRIV, "--pdeathsig", "KILL", "--", options.path, ...options.args]
    : [options.path, ...options.args];
}

/** Signals a process group; that it no longer exists is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** "exit code 1", "signal SIGKILL" or "it could not be started". */
function describeExit(exit: Exit): string {
  if (exit.signal !== null) return `signal ${exit.signal}`;
  return exit.code === null ? "it could not be started" : `exit code ${exit.code}`;
}

/** The last lines of a log, for a message. */
export function logTail(path: string, lines = 12): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
