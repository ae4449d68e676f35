import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { FromBridge, ToBridge } from "./bridge-messages.ts";

export interface InterpreterOptions {
  /** How long one call of a macro may take; default 10,000 ms. */
  readonly callTimeoutMs?: number;
  /** How long Python may take to load; default 60,000 ms (about 2 s are usual). */
  readonly startTimeoutMs?: number;
  /** How much memory Python may use; default 256 MiB. */
  readonly memoryMiB?: number;
  /** Python files by their path: what macros can import besides the standard library. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** The process ended: at a limit, or because something broke in it. */
export class InterpreterEnded extends Error {
  constructor(why: string) {
    super(why);
    this.name = "InterpreterEnded";
  }
}

const WASM_PAGES_PER_MIB = 16;
/** JavaScript's own share: pyodide's glue and the texts on their way. */
const JAVASCRIPT_MIB = 192;
const EXIT_TIMEOUT = 91;
/** The process counts the time itself; the thread beside it ends it a little later, should it not. */
const GRACE_MS = 2_000;

/**
 * CPython in WebAssembly in a process of its own, asked line by line. Asking blocks the calling thread until the answer is
 * there. The process sees no environment and reads no file but Python's own.
 */
export class InterpreterProcess {
  readonly #port: MessagePort;
  readonly #counter: Int32Array;
  readonly #callTimeoutMs: number;
  readonly #worker: Worker;
  #seen = 0;
  #ended: string | undefined;

  constructor(options: InterpreterOptions = {}) {
    this.#callTimeoutMs = options.callTimeoutMs ?? 10_000;
    const startTimeoutMs = options.startTimeoutMs ?? 60_000;
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(4);
    this.#port = port1;
    this.#counter = new Int32Array(signal);
    const pyodide = pyodideFolder();
    const workerData = {
      port: port2,
      signal,
      command: process.execPath,
      args: processArguments(pyodide, options.memoryMiB ?? 256),
      cwd: pyodide,
      timeoutMs: Math.max(startTimeoutMs, this.#callTimeoutMs + GRACE_MS),
    };
    const bridge = new URL("./bridge.mts", import.meta.url);
    this.#worker = new Worker(bridge, { workerData, transferList: [port2], execArgv: [], stdout: false });
    this.#worker.unref();
    this.#port.unref();
    const modules = {
      "pydantic.py": readFileSync(new URL("./pydantic.py", import.meta.url), "utf8"),
      ...options.modules,
    };
    const runtime = readFileSync(new URL("./runtime.py", import.meta.url), "utf8");
    this.#send(JSON.stringify({ runtime, modules, callTimeoutMs: this.#callTimeoutMs }));
    this.#receive(startTimeoutMs);
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Sends one line and gives the line that answers it. `answerQuestion` answers what the other side asks meanwhile: lines that begin with
   * `{"ask":`. Throws InterpreterEnded.
   */
  request(line: string, answerQuestion: (line: string) => string): string {
    this.#send(line);
    for (;;) {
      const answer = this.#receive(this.#callTimeoutMs + 2 * GRACE_MS);
      if (!answer.startsWith('{"ask":')) return answer;
      this.#send(answerQuestion(answer));
    }
  }

  /** Ends the process. */
  close(): void {
    this.#ended ??= "it was closed";
    const end: ToBridge = { kind: "end" };
    this.#port.postMessage(end);
  }

  #send(line: string): void {
    if (this.#ended !== undefined) throw new InterpreterEnded(this.#ended);
    const message: ToBridge = { kind: "line", line };
    this.#port.postMessage(message);
  }

  #receive(timeoutMs: number): string {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) {
        this.#seen += 1;
        const message = received.message as FromBridge;
        if (message.kind === "line") return message.line;
        throw this.#end(exitReason(message, this.#callTimeoutMs));
      }
      if (Atomics.wait(this.#counter, 0, this.#seen, timeoutMs) === "timed-out") {
        this.close();
        throw this.#end(`Python did not answer within ${timeoutMs} ms`);
      }
    }
  }

  #end(why: string): InterpreterEnded {
    this.#ended = why;
    return new InterpreterEnded(why);
  }
}

function exitReason(message: Extract<FromBridge, { kind: "exit" }>, callTimeoutMs: number): string {
  if (message.code === EXIT_TIMEOUT) return `it took longer than ${callTimeoutMs} ms and was ended`;
  const detail = message.why === "" ? "" : `: ${message.why}`;
  return `Python's process ended (code ${message.code ?? "none"})${detail}`;
}

function processArguments(pyodide: string, memoryMiB: number): string[] {
  const script = fileURLToPath(new URL("./interpreter.mts", import.meta.url));
  return [
    "--permission",
    `--allow-fs-read=${pyodide}/*`,
    `--allow-fs-read=${script}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    `--max-old-space-size=${JAVASCRIPT_MIB}`,
    `--wasm-max-mem-pages=${memoryMiB * WASM_PAGES_PER_MIB}`,
    script,
    pyodide,
  ];
}

function pyodideFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("pyodide"));
}
