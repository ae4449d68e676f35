import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Content, type FileSink, transferErrors } from "../../plugin/index.ts";
import { digestOf, type OpenContent, openFile } from "./file-content.ts";

export interface FileSinkOptions {
  /** More is refused; absent: as much as fits. */
  readonly limitBytes?: number;
  readonly mode: number;
}

const MARK = ".netpulse-";

/** Receives a file at a path of this worker: under a name of its own, renamed when it is complete. */
export class WorkerFileSink implements FileSink {
  readonly #path: string;
  readonly #options: FileSinkOptions;
  #existing: OpenContent | undefined;
  #handle: FileHandle | undefined;
  #aside = "";
  #size = 0;
  /** Of all bytes so far; undefined: some came from an earlier attempt. */
  #hash: Hash | undefined;

  constructor(path: string, options: FileSinkOptions) {
    this.#path = path;
    this.#options = options;
  }

  async existing(): Promise<Content | undefined> {
    const found = await stat(this.#path).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    this.#existing ??= await openFile(this.#path);
    return this.#existing;
  }

  async open(identity: string): Promise<number> {
    if (this.#handle) return this.#size;
    const folder = dirname(this.#path);
    const name = `.${basename(this.#path).slice(0, 60)}${MARK}`;
    const hash = createHash("sha256").update(identity).digest("hex").slice(0, 12);
    this.#aside = join(folder, name + hash);
    for (const found of await readdir(folder))
      if (found.startsWith(name) && found !== name + hash) await rm(join(folder, found), { force: true });
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    this.#handle = await open(this.#aside, flags, this.#options.mode);
    this.#size = (await this.#handle.stat()).size;
    this.#hash = this.#size === 0 ? createHash("sha256") : undefined;
    return this.#size;
  }

  async truncate(size: number): Promise<void> {
    await this.#handle?.truncate(size);
    this.#size = size;
    this.#hash = size === 0 ? createHash("sha256") : undefined;
  }

  async append(data: Uint8Array): Promise<void> {
    const { limitBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#size + data.length > limitBytes)
      throw transferErrors.TransferTooLarge({ path: basename(this.#path), limitBytes });
    await this.#open().write(data, 0, data.length, this.#size);
    this.#size += data.length;
    this.#hash?.update(data);
  }

  received(): Content {
    const handle = this.#open();
    const hash = this.#hash;
    return {
      size: this.#size,
      read: async (into, offset) => (await handle.read(into, 0, into.length, offset)).bytesRead,
      digest: (algorithm) =>
        algorithm === "sha256" && hash
          ? Promise.resolve(hash.copy().digest("hex"))
          : digestOf(handle, algorithm),
    };
  }

  async commit(): Promise<void> {
    await this.#close();
    await rename(this.#aside, this.#path);
  }

  async abandon(keep: boolean): Promise<void> {
    await this.#close();
    if (!keep && this.#aside !== "") await rm(this.#aside, { force: true });
  }

  #open(): FileHandle {
    if (this.#handle) return this.#handle;
    throw new Error("the sink is not open");
  }

  async #close(): Promise<void> {
    await this.#handle?.close();
    await this.#existing?.close();
    this.#handle = undefined;
    this.#existing = undefined;
  }
}
