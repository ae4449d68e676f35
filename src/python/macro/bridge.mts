// A thread that talks to the interpreter's process while the engine's thread waits: the engine is synchronous.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type MessagePort, workerData } from "node:worker_threads";
import type { BridgeData, FromBridge, ToBridge } from "./bridge-messages.ts";

const { port, signal, command, args, cwd, timeoutMs } = workerData as BridgeData & { port: MessagePort };
const counter = new Int32Array(signal);
let deadline: NodeJS.Timeout | undefined;
let reason = "";

// An empty environment: nothing of this process's is inherited.
const child: ChildProcess = spawn(command, [...args], { cwd, env: {}, stdio: ["pipe", "pipe", "pipe"] });
let complaint = "";
child.stderr?.on("data", (chunk: Buffer) => {
  complaint = `${complaint}${chunk.toString("utf8")}`.slice(-2000);
});
child.stdin?.on("error", () => undefined);
child.on("error", (error) => tell({ kind: "exit", code: null, why: error.message }));
child.on("exit", (code) => tell({ kind: "exit", code, why: reason === "" ? complaint.trim() : reason }));
if (child.stdout !== null) {
  createInterface({ input: child.stdout, crlfDelay: 0 }).on("line", (line) => {
    clearTimeout(deadline);
    tell({ kind: "line", line });
  });
}

port.on("message", (message: ToBridge) => {
  if (message.kind === "end") {
    child.kill("SIGKILL");
    return;
  }
  child.stdin?.write(`${message.line}\n`);
  clearTimeout(deadline);
  deadline = setTimeout(() => {
    reason = `it took longer than ${timeoutMs} ms`;
    child.kill("SIGKILL");
  }, timeoutMs);
});

function tell(message: FromBridge): void {
  port.postMessage(message);
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
}
