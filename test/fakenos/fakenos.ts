import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const FOLDER = join(import.meta.dirname, "..", "..", ".cache", "fakenos-python");
const PYTHON = join(FOLDER, "bin", "python");
const run = promisify(execFile);

/** Devices that another project simulates (fakenos), in one Python process. */
export class FakenosDevices implements AsyncDisposable {
  /** Port by platform; user name and password are `user`. */
  readonly ports: Readonly<Record<string, number>>;
  private readonly process: ChildProcess;

  private constructor(ports: Readonly<Record<string, number>>, child: ChildProcess) {
    this.ports = ports;
    this.process = child;
  }

  static start(platforms: readonly string[]): Promise<FakenosDevices> {
    const script = join(import.meta.dirname, "devices.py");
    const child = spawn(PYTHON, [script, ...platforms], { stdio: ["pipe", "pipe", "ignore"] });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`fakenos ended with ${code}`)));
      createInterface({ input: child.stdout }).once("line", (line) => {
        resolve(new FakenosDevices(JSON.parse(line) as Record<string, number>, child));
      });
    });
  }

  /** Its own way to end waits for threads that read; nothing is lost by ending it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
  }
}

/** Installs fakenos, once per checkout. Returns why it is not to be had, or undefined. */
export async function whyNoFakenos(): Promise<string | undefined> {
  if (existsSync(PYTHON) && (await imports())) return undefined;
  try {
    rmSync(FOLDER, { recursive: true, force: true });
    await run("python3", ["-m", "venv", FOLDER], { timeout: 120_000 });
    await run(PYTHON, ["-m", "pip", "install", "-q", "--retries", "1", "fakenos==1.2.1"], {
      timeout: 300_000,
    });
    return (await imports()) ? undefined : "the installed fakenos cannot be imported";
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

function imports(): Promise<boolean> {
  return run(PYTHON, ["-c", "import fakenos"], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}
