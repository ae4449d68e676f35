import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TransferFile } from "../../api/index.ts";
import type { Content, SinkTree } from "../../plugin/index.ts";
import { openFile } from "./file-content.ts";
import { WorkerFileSink } from "./file-sink.ts";
import { forDevice } from "./sources.ts";
import type { SpoolFolder } from "./spool-folder.ts";
import type { Volumes } from "./volumes.ts";

type Target = NonNullable<TransferFile["get"]>["to"];

/** Where what is fetched goes. */
export interface OpenSink {
  readonly tree: SinkTree;
  /** What arrived and is to be an output; undefined: it went to a volume, or nothing arrived. */
  output<T>(use: (content: Content) => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

export interface TransferSinksOptions {
  readonly volumes: Volumes;
  /** Where outputs stand until they are stored. */
  readonly spool: Pick<SpoolFolder, "path">;
  readonly outputLimitBytes: number;
}

/** Opens what jobs fetch to. */
export class TransferSinks {
  readonly #options: TransferSinksOptions;

  constructor(options: TransferSinksOptions) {
    this.#options = options;
  }

  /** @throws SourceNotAllowed where the volume or path may not be written to */
  async open({ volume }: Target, device: string): Promise<OpenSink> {
    return volume ? this.#toVolume(volume, device) : this.#toOutput();
  }

  async #toVolume(volume: NonNullable<Target["volume"]>, device: string): Promise<OpenSink> {
    const { volumes } = this.#options;
    const below = (path: string) => {
      const base = forDevice(volume.path, device);
      return { name: volume.name, path: path === "" ? base : join(base, path) };
    };
    // Made now, so that what is not allowed is found out before a device is touched.
    await volumes.place(below(""));
    const tree: SinkTree = {
      file: async (path) => new WorkerFileSink(await volumes.place(below(path)), { mode: 0o644 }),
      folder: async (path) => {
        await volumes.place(below(join(path, "x")));
      },
    };
    return { tree, output: () => Promise.resolve(undefined), close: () => Promise.resolve() };
  }

  async #toOutput(): Promise<OpenSink> {
    const { spool, outputLimitBytes } = this.#options;
    const own = join(spool.path, randomUUID());
    await mkdir(own, { mode: 0o700 });
    const path = join(own, "output");
    const tree: SinkTree = {
      file: () => Promise.resolve(new WorkerFileSink(path, { limitBytes: outputLimitBytes, mode: 0o600 })),
      folder: () => Promise.resolve(),
    };
    return {
      tree,
      output: async (use) => {
        const content = await openFile(path).catch(() => undefined);
        if (!content) return undefined;
        try {
          return await use(content);
        } finally {
          await content.close();
        }
      },
      close: () => rm(own, { recursive: true, force: true }),
    };
  }
}
