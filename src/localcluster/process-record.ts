import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { localClusterErrors } from "../errors/local-cluster.ts";
import { signalGroup } from "./program.ts";

const processSchema = z.object({ pid: z.int().positive(), startedAt: z.string(), name: z.string() });
const recordSchema = z.object({ owner: processSchema, started: z.array(processSchema) });
type RecordedProcess = z.infer<typeof processSchema>;

/**
 * The process groups that one owner has started, kept in a file, so that the next owner of the same folder can end what
 * a killed one left behind. A pid alone may belong to somebody else by then; with its start time it cannot.
 */
export class ProcessRecord {
  readonly #path: string;
  readonly #owner: RecordedProcess;
  readonly #started = new Map<number, RecordedProcess>();

  private constructor(path: string) {
    this.#path = path;
    this.#owner = { pid: process.pid, startedAt: startTime(process.pid) ?? "", name: "owner" };
  }

  /**
   * Makes this process the owner of the file, and ends whatever an earlier owner started and did not end.
   *
   * @throws FolderInUse while the earlier owner is alive.
   */
  static claim(path: string): ProcessRecord {
    const earlier = read(path);
    if (earlier !== undefined) {
      if (isAlive(earlier.owner)) {
        throw localClusterErrors.FolderInUse({ folder: dirname(path), pid: earlier.owner.pid });
      }
      for (const left of earlier.started.filter(isAlive)) signalGroup(left.pid, "SIGKILL");
    }
    const record = new ProcessRecord(path);
    record.#write();
    return record;
  }

  add(pid: number, name: string): void {
    const startedAt = startTime(pid);
    if (startedAt === undefined) return; // it has ended already, or this system does not tell
    this.#started.set(pid, { pid, startedAt, name });
    this.#write();
  }

  remove(pid: number): void {
    if (this.#started.delete(pid)) this.#write();
  }

  /** Gives the folder up: nothing that was recorded runs any more. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const content = { owner: this.#owner, started: [...this.#started.values()] };
    writeFileSync(`${this.#path}.new`, JSON.stringify(content));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function read(path: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined; // no file, or one that was cut off: nothing that can be trusted
  }
}

const isAlive = (recorded: RecordedProcess) => startTime(recorded.pid) === recorded.startedAt;

/** Whether any process has this pid now. */
export function pidExists(pid: number): boolean {
  return startTime(pid) !== undefined;
}

/** When a process started, in ticks since boot (field 22 of proc's stat); undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name, in brackets, may hold blanks
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
