// Runs in a process of its own, under Node's permission model: it may read pyodide's folder and this file, nothing else.
// One line of JSON in, one line out. It never trusts what Python does: see README.md of this folder.
import { Buffer } from "node:buffer";
import { constants, readSync, writeSync } from "node:fs";
import process from "node:process";
import { runInThisContext } from "node:vm";

interface Pyodide {
  runPython(source: string): unknown;
  globals: { get(name: string): unknown };
  FS: { writeFile(path: string, text: string): void; mkdirTree(path: string): void; filesystems: object };
  setStdin(options: { read: (buffer: Uint8Array) => number }): void;
  setStdout(options: { write: (buffer: Uint8Array) => number }): void;
  setStderr(options: { write: (buffer: Uint8Array) => number }): void;
}

/** What the parent sends first. */
interface Boot {
  readonly runtime: string;
  readonly modules: Readonly<Record<string, string>>;
  readonly callTimeoutMs: number;
}

/** Exit codes that the parent reads. */
const EXIT_TIMEOUT = 91;
const EXIT_CLOSED = 0;

const input = { buffer: Buffer.alloc(0) };

/** Called when more input has come. */
let wake: () => void = () => undefined;
process.stdin.on("data", (chunk: Buffer) => {
  input.buffer = Buffer.concat([input.buffer, chunk]);
  wake();
});
process.stdin.on("end", () => process.exit(EXIT_CLOSED));

/** The first line of what has come, if it is complete. */
function takeLine(): string | undefined {
  const end = input.buffer.indexOf(10);
  if (end === -1) return undefined;
  const line = input.buffer.subarray(0, end).toString("utf8");
  input.buffer = input.buffer.subarray(end + 1);
  return line;
}

/** The next request. The process sleeps until it comes, and ends with its parent. */
async function nextLine(): Promise<string> {
  for (;;) {
    const line = takeLine();
    if (line !== undefined) return line;
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    await promise;
  }
}

/** The next line while Python runs and waits for an answer, when no event can come. */
function readLine(): string {
  for (;;) {
    const line = takeLine();
    if (line !== undefined) return line;
    const chunk = Buffer.allocUnsafe(1 << 16);
    try {
      const count = readSync(0, chunk);
      if (count === 0) process.exit(EXIT_CLOSED);
      input.buffer = Buffer.concat([input.buffer, chunk.subarray(0, count)]);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      pause();
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.05);
}

function writeAll(bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(1, bytes, from);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      pause();
    }
  }
}

const [, , pyodidePath = ""] = process.argv;
// The permission model refuses process.binding, of which pyodide only wants the flags of open().
Object.defineProperty(process, "binding", {
  value: () => ({ fs: constants, ...constants }),
  configurable: true,
});
const boot = JSON.parse(await nextLine()) as Boot;
const { loadPyodide } = (await import(`${pyodidePath}/pyodide.mjs`)) as {
  loadPyodide(options: object): Promise<Pyodide>;
};
const python = await loadPyodide({
  indexURL: pyodidePath,
  // Without it the module `js` would be this process's globals.
  jsglobals: Object.create(null),
  env: { HOME: "/home/macro" },
});

// What Python writes is not part of the conversation, except through the runtime's own channel below.
let pending = Buffer.alloc(0);
python.setStderr({ write: (bytes) => bytes.length });
python.setStdout({
  write(bytes) {
    writeAll(bytes);
    return bytes.length;
  },
});
python.setStdin({
  read(target) {
    if (pending.length === 0) pending = Buffer.from(`${readLine()}\n`);
    const count = pending.copy(target);
    pending = pending.subarray(count);
    return count;
  },
});
for (const [path, text] of Object.entries(boot.modules)) {
  const folder = `/macros/${path}`.replace(/\/[^/]*$/, "");
  python.FS.mkdirTree(folder);
  python.FS.writeFile(`/macros/${path}`, text);
}

python.runPython(boot.runtime);
const handle = python.globals.get("handle") as (line: string) => string;
lockDown();
const host = { line: "", handle };
Object.defineProperty(globalThis, "macroHost", { value: host, configurable: false });
writeAll(Buffer.from('{"ready":true}\n'));

for (;;) {
  host.line = await nextLine();
  let answer: string;
  try {
    // vm's timeout stops WebAssembly too, and works when the parent is gone.
    answer = runInThisContext("macroHost.handle(macroHost.line)", { timeout: boot.callTimeoutMs }) as string;
  } catch {
    process.exit(EXIT_TIMEOUT);
  }
  writeAll(Buffer.from(`${answer}\n`));
}

/**
 * Takes away what reaches beyond this process, for the case that Python reaches JavaScript after all: pyodide keeps its own API object where a
 * search of all objects finds it.
 */
function lockDown(): void {
  for (const name of [
    "fetch",
    "WebSocket",
    "EventSource",
    "Worker",
    "navigator",
    "BroadcastChannel",
    "MessageChannel",
  ]) {
    Reflect.deleteProperty(globalThis, name);
  }
  Reflect.deleteProperty(globalThis, "process");
  Reflect.deleteProperty(globalThis, "Buffer");
  for (const owner of [python, Object.getPrototypeOf(python)]) {
    for (const name of [
      "mountNodeFS",
      "mountNativeFS",
      "loadPackage",
      "loadPackagesFromImports",
      "registerJsModule",
    ]) {
      Reflect.deleteProperty(owner, name);
    }
  }
  Reflect.deleteProperty(python.FS.filesystems, "NODEFS");
}
