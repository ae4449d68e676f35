import type {
  CommandOutcome,
  OutputRef,
  TransferFile,
  TransferOutcome,
  TransferProgress,
  TransferSpec,
} from "../../api/index.ts";
import type {
  BaseDriver,
  Content,
  DriverSession,
  NetPulseError,
  OperationContext,
  Transfer,
  TransferResult,
} from "../../plugin/index.ts";
import type { Clock } from "../../runtime/index.ts";
import type { OpenSink, TransferSinks } from "./sinks.ts";
import type { OpenSource, TransferSources } from "./sources.ts";

/** Opens the ends of transfers that are not on devices. */
export interface TransferEnds {
  readonly sources: TransferSources;
  readonly sinks: TransferSinks;
  /** Removes what is in passing; nothing is carried any more. */
  readonly close: () => void;
}

/** What surrounds a transfer of one device. */
export interface TransferSurroundings {
  readonly clock: Clock;
  /** Told how far it is, often. */
  readonly onProgress: (progress: TransferProgress) => void;
  /** Keeps an output that is too large to stand inline, or no text. */
  readonly keepOutput: (
    place: OutputPlace,
    content: Content,
    encoding: "utf-8" | "base64",
  ) => Promise<OutputRef>;
  /** The job asks to stop: what is carried is interrupted, which is safe. */
  readonly shouldStop: () => boolean;
}

export interface OutputPlace {
  readonly command: string;
  readonly index: number;
}

interface PreparedFile {
  readonly wanted: TransferFile;
  readonly source?: OpenSource;
  readonly sink?: OpenSink;
}

/** A text that is fetched stands inline up to this size: as much as a job holds in all. */
export const INLINE_BYTES = 65_536;

/** All files of a job for one device, opened; what was carried over already is not carried again by another attempt. */
export class DeviceTransfer {
  readonly #spec: TransferSpec;
  readonly #files: readonly PreparedFile[];
  readonly #done: CommandOutcome[] = [];

  private constructor(spec: TransferSpec, files: readonly PreparedFile[]) {
    this.#spec = spec;
    this.#files = files;
  }

  /** Opens every source and target. Whatever is wrong with them throws here, before the device is touched. */
  static async open(
    spec: TransferSpec,
    device: string,
    { sources, sinks }: TransferEnds,
    signal: AbortSignal,
  ): Promise<DeviceTransfer> {
    const files: PreparedFile[] = [];
    try {
      for (const wanted of spec.files) {
        const { put, get, recursive = false } = wanted;
        if (put) files.push({ wanted, source: await sources.open(put.from, recursive, device, signal) });
        else if (get) files.push({ wanted, sink: await sinks.open(get.to, device) });
      }
    } catch (error) {
      await new DeviceTransfer(spec, files).close();
      throw error;
    }
    return new DeviceTransfer(spec, files);
  }

  get directions(): Transfer["direction"][] {
    return this.#spec.files.map(({ put }) => (put ? "put" : "get"));
  }

  /** Carries the files in order until one fails. Never throws: the outcomes so far are part of the result. */
  async carry(
    driver: BaseDriver,
    session: DriverSession,
    context: OperationContext,
    around: TransferSurroundings,
    errorOf: (cause: unknown) => NetPulseError,
  ): Promise<{ outcomes: readonly CommandOutcome[]; error?: NetPulseError; stopped: boolean }> {
    for (const [index, file] of this.#files.entries()) {
      if (index < this.#done.length) continue;
      if (index > 0 && around.shouldStop()) return { outcomes: this.#done, stopped: true };
      const stop = new AbortController();
      const signal = AbortSignal.any([context.signal, stop.signal]);
      const { put, get } = file.wanted;
      const path = put?.path ?? get?.path ?? "";
      const command = `${put ? "put" : "get"} ${path}`;
      const began = around.clock.now();
      const transfer = this.#transferOf(file, path, (bytes, total) => {
        around.onProgress({ path, bytes, total });
        if (around.shouldStop()) stop.abort("the job was stopped");
      });
      try {
        const result = await driver.transfer(session, transfer, { ...context, signal });
        const outcome = outcomeOf(transfer, result, file.source?.leftOut ?? []);
        const output = await file.sink?.output((content) =>
          outputOf(content, (encoding) => around.keepOutput({ command, index }, content, encoding)),
        );
        this.#done.push({
          command,
          ...output,
          ...(result.notes?.length && { notes: result.notes.map((note) => note.slice(0, 1024)) }),
          transfer: { ...outcome, durationMilliseconds: Math.round(around.clock.now() - began) },
        });
      } catch (cause) {
        const error = errorOf(cause);
        const failed: CommandOutcome = {
          command,
          transfer: { direction: transfer.direction, path },
          error: { reason: error.code, message: error.message.slice(0, 4096) },
        };
        const outcomes = [...this.#done, failed];
        return stop.signal.aborted ? { outcomes, stopped: true } : { outcomes, error, stopped: false };
      }
    }
    return { outcomes: this.#done, stopped: false };
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.flatMap(({ source, sink }) => [source?.close(), sink?.close()]));
  }

  #transferOf(
    { wanted, source, sink }: PreparedFile,
    path: string,
    onProgress: NonNullable<Transfer["onProgress"]>,
  ): Transfer {
    const { protocol, limitKiBPerSecond } = this.#spec;
    const { put, recursive = false, overwrite, checksum } = wanted;
    const common = {
      path,
      protocol,
      overwrite,
      checksum,
      onProgress,
      ...(limitKiBPerSecond !== undefined && { bytesPerSecond: limitKiBPerSecond * 1024 }),
    };
    if (sink) return { ...common, direction: "get", recursive, into: sink.tree };
    return {
      ...common,
      direction: "put",
      entries: source?.entries ?? [],
      ...(put?.mode !== undefined && { mode: Number.parseInt(put.mode, 8) }),
    };
  }
}

function outcomeOf(
  { direction, path }: Transfer,
  { notes: _, deviceDigest, leftOut = [], ...result }: TransferResult,
  leftOutHere: readonly string[],
): TransferOutcome {
  const all = [...leftOutHere, ...leftOut].slice(0, 128);
  return {
    direction,
    path,
    ...result,
    ...(deviceDigest && { deviceDigest: `${deviceDigest.algorithm}:${deviceDigest.hex}` }),
    ...(all.length > 0 && { leftOut: all.map((text) => text.slice(0, 1024)) }),
  };
}

/** A short text stands in the result itself. */
async function outputOf(
  content: Content,
  keep: (encoding: "utf-8" | "base64") => Promise<OutputRef>,
): Promise<Pick<CommandOutcome, "output" | "outputRef">> {
  const text = await textOf(content);
  if (text.whole !== undefined) return { output: text.whole };
  return { outputRef: await keep(text.isText ? "utf-8" : "base64") };
}

/** Whether content is text that every reader of an object can take; `whole` while it is short. */
async function textOf(content: Content): Promise<{ isText: boolean; whole?: string }> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const short = content.size <= INLINE_BYTES;
  const buffer = Buffer.alloc(INLINE_BYTES);
  let whole = "";
  for (let at = 0; at < content.size; ) {
    const read = await content.read(buffer, at);
    if (read === 0) break;
    at += read;
    try {
      const text = decoder.decode(buffer.subarray(0, read), { stream: at < content.size });
      if (NO_TEXT.test(text)) return { isText: false };
      if (short) whole += text;
    } catch {
      return { isText: false };
    }
  }
  return short ? { isText: true, whole } : { isText: true };
}

/** Control characters that no text has: in an object each would take six bytes, and people could not read it. */
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a]/;
