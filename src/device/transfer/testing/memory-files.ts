import { createHash } from "node:crypto";
import type { Content, FileSink, SinkTree } from "../../../plugin/index.ts";

/** Bytes as a content. */
export function contentOf(bytes: Uint8Array): Content {
  return {
    size: bytes.length,
    read: (into, offset) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return Promise.resolve(part.length);
    },
    digest: (algorithm) => Promise.resolve(createHash(algorithm).update(bytes).digest("hex")),
  };
}

/** A tree of files in memory, which keeps what interrupted attempts left. */
export class MemoryTree implements SinkTree {
  /** What is there under its final name. */
  readonly files = new Map<string, Buffer>();
  readonly folders: string[] = [];
  private readonly unfinished = new Map<string, Buffer>();

  /** Bytes of unfinished files. */
  get unfinishedBytes(): number {
    return [...this.unfinished.values()].reduce((sum, { length }) => sum + length, 0);
  }

  folder(path: string): Promise<void> {
    this.folders.push(path);
    return Promise.resolve();
  }

  file(path: string): Promise<FileSink> {
    return Promise.resolve(this.sink(path));
  }

  private sink(path: string): FileSink {
    const { files, unfinished } = this;
    let parts: Buffer[] = [];
    let key = "";
    const whole = () => Buffer.concat(parts);
    return {
      existing: () => {
        const present = files.get(path);
        return Promise.resolve(present && contentOf(present));
      },
      open: (identity) => {
        key = `${path}\0${identity}`;
        parts = [unfinished.get(key) ?? Buffer.alloc(0)];
        return Promise.resolve(whole().length);
      },
      truncate: (size) => {
        parts = [whole().subarray(0, size)];
        unfinished.set(key, whole());
        return Promise.resolve();
      },
      append: (data) => {
        parts.push(Buffer.from(data));
        return Promise.resolve();
      },
      received: () => contentOf(whole()),
      commit: () => {
        files.set(path, whole());
        unfinished.delete(key);
        return Promise.resolve();
      },
      abandon: (keep) => {
        if (keep) unfinished.set(key, whole());
        else unfinished.delete(key);
        return Promise.resolve();
      },
    };
  }
}
