import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Content, type DigestAlgorithm, transferErrors } from "../../plugin/index.ts";
import { LruMap } from "../../runtime/lru-map.ts";

/** Content that holds something open. */
export interface OpenContent extends Content {
  close(): Promise<void>;
}

/** The digest of an image is the same for all devices that it goes to. */
const digests = new LruMap<string, string>(256);
const making = new Map<string, Promise<string>>();

/** A file of this worker as content. It may not change while it is open: then reading it throws `SourceChanged`. */
export async function openFile(path: string): Promise<OpenContent> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return new FileContent(handle, path, await handle.stat());
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class FileContent implements OpenContent {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #version: string;

  constructor(handle: FileHandle, path: string, stat: Stats) {
    this.#handle = handle;
    this.#path = path;
    this.size = stat.size;
    this.#version = versionOf(stat);
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(into, 0, into.length, offset);
    if (versionOf(await this.#handle.stat()) !== this.#version)
      throw transferErrors.SourceChanged({ path: this.#path });
    return bytesRead;
  }

  async digest(algorithm: DigestAlgorithm): Promise<string> {
    const key = `${this.#version} ${algorithm}`;
    const known = digests.get(key) ?? (await making.get(key)?.catch(() => undefined));
    if (known !== undefined) return known;
    const made = digestOf(this.#handle, algorithm);
    making.set(key, made);
    try {
      const hex = await made;
      digests.set(key, hex);
      return hex;
    } finally {
      making.delete(key);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const BLOCK = 1024 * 1024;

/** Reads a file from its beginning to its end. */
export async function digestOf(handle: FileHandle, algorithm: DigestAlgorithm): Promise<string> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafe(BLOCK);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, BLOCK, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(" ");
}
