import { transferErrors } from "../../errors/transfer.ts";
import type { DigestAlgorithm } from "../../plugin/index.ts";
import type { FileCommands } from "./file-commands.ts";
import type { Looked } from "./remote-files.ts";
import { fileSystemOf, folderOf, splitPath } from "./remote-path.ts";

export interface DeviceCommandsOptions {
  readonly device: string;
  readonly commands: FileCommands;
  /**
   * Runs one command line and resolves with all that it printed, whatever became of it; undefined: it could not be run.
   * `expectMs`: how long it may take.
   */
  readonly run: (command: string, expectMs: number) => Promise<string | undefined>;
}

const PLAIN_PATH = /^[\w.:/~][\w.\-:/+@%=,~]*$/;
const QUICK_MS = 60_000;
/** A slow flash is read with about 2 MiB/s. */
const READ_BYTES_PER_MS = 2 * 1024;

/** Asks a device about its files on its command line, as its platform's data says. */
export class DeviceCommands {
  private readonly options: DeviceCommandsOptions;

  constructor(options: DeviceCommandsOptions) {
    this.options = options;
  }

  get data(): FileCommands {
    return this.options.commands;
  }

  /** The digest of a file as the device computes it; undefined: it cannot. */
  async checksum(
    path: string,
    size: number,
  ): Promise<{ readonly algorithm: DigestAlgorithm; readonly hex: string } | undefined> {
    for (const { algorithm, send, match } of this.data.checksum) {
      const answer = (await this.run(send, { path }, QUICK_MS + size / READ_BYTES_PER_MS)) ?? "";
      const hex = new RegExp(match, "m").exec(answer)?.groups?.hex;
      if (hex !== undefined) return { algorithm, hex: hex.toLowerCase() };
    }
    return undefined;
  }

  /** Undefined: the device does not say. */
  async freeBytes(path: string): Promise<number | undefined> {
    const { freeSpace } = this.data;
    if (!freeSpace) return undefined;
    const answer = (await this.run(freeSpace.send, { path })) ?? "";
    const free = new RegExp(freeSpace.match, "m").exec(answer)?.groups?.free;
    return free === undefined ? undefined : Number(free) * freeSpace.unit;
  }

  async look(path: string): Promise<Looked> {
    const { entry } = this.data;
    if (!entry) return "unknown";
    const answer = (await this.run(entry.send, { path })) ?? "";
    const name = splitPath(path).name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    const found = new RegExp(
      entry.match.replaceAll("{name}", () => name),
      "m",
    ).exec(answer)?.groups;
    if (found) {
      const kind = found.type === "d" ? "folder" : found.type === "l" ? "link" : "file";
      return {
        kind,
        size: Number(found.size ?? 0),
        ...(found.permissions !== undefined && { mode: modeOf(found.permissions) }),
      };
    }
    return new RegExp(entry.missing, "i").test(answer) ? "missing" : "unknown";
  }

  /** Paths below a folder that one of the listing commands gives; undefined: the device has no such command. */
  async paths(what: "files" | "folders" | "links", folder: string): Promise<string[] | undefined> {
    const send = this.data[what];
    if (send === undefined) return undefined;
    const answer = (await this.run(send, { path: folder })) ?? "";
    const start = `${folder}/./`;
    return answer
      .split("\n")
      .filter((line) => line.startsWith(start) && line.length > start.length)
      .map((line) => line.slice(start.length));
  }

  /** Carries out an action. False: the device has none. @throws RemoteFailure with the device's answer */
  async act(
    what: "remove" | "replace" | "makeFolder",
    values: { readonly path: string; readonly target?: string },
  ): Promise<boolean> {
    const action = this.data[what];
    if (!action) return false;
    const answer = await this.run(action.send, values);
    if (answer !== undefined && !new RegExp(action.fails, "m").test(answer)) return true;
    throw transferErrors.RemoteFailure({
      device: this.options.device,
      path: values.target ?? values.path,
      answer: answer?.trim().slice(-200) ?? "there was no channel for a command",
    });
  }

  /** A path as it stands in a command line. */
  quoted(path: string): string {
    if (this.data.quoting === "posix") return `'${absolute(path).replaceAll("'", "'\\''")}'`;
    if (PLAIN_PATH.test(path)) return path;
    const why = "has characters that cannot be said on the device's command line";
    throw transferErrors.RemotePathUnusable({ device: this.options.device, path, why });
  }

  private run(
    line: string,
    { path, target = "" }: { readonly path: string; readonly target?: string },
    expectMs = QUICK_MS,
  ): Promise<string | undefined> {
    const values: Readonly<Record<string, () => string>> = {
      path: () => this.quoted(path),
      target: () => this.quoted(target),
      folder: () => this.quoted(folderOf(path)),
      filesystem: () => fileSystemOf(path),
    };
    const command = line.replace(/\{(path|target|folder|filesystem)\}/g, (whole, name: string) =>
      (values[name] ?? (() => whole))(),
    );
    return this.options.run(command, expectMs);
  }
}

/** A relative path that begins with `-` would be an option. */
function absolute(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}

/** `rwxr-s---` as bits. */
function modeOf(permissions: string): number {
  let mode = 0;
  for (const [at, letter] of [...permissions].entries()) {
    if (letter !== "-" && letter !== "S" && letter !== "T") mode |= 0o400 >> at;
    if ("sStT".includes(letter)) mode |= 0o4000 >> Math.floor(at / 3);
  }
  return mode;
}
