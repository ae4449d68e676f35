import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { OutputRef, TransferSpec } from "../../api/index.ts";
import {
  BaseDriver,
  type DriverSession,
  deviceErrors,
  NetPulseError,
  type OperationContext,
  type Transfer,
  type TransferResult,
  transferErrors,
} from "../../plugin/index.ts";
import { FakeClock, silentLogger } from "../../runtime/index.ts";
import { refuseUnhonoured } from "../task/honoured.ts";
import { DeviceTransfer } from "./carry.ts";
import { transferEnds } from "./ends.ts";

/** A device whose files are a map. */
class MapDriver extends BaseDriver {
  static override readonly driverName = "map";
  readonly argsSchema = z.record(z.string(), z.unknown());
  readonly readOnly = { commands: [], methods: [] };
  readonly files = new Map<string, Buffer>();
  /** Paths that are interrupted once. */
  readonly interrupts = new Set<string>();
  readonly asked: string[] = [];

  override connect(): Promise<DriverSession> {
    return Promise.resolve({ closed: new Promise(() => {}) });
  }

  override executeCommand(): Promise<never> {
    return Promise.reject(new Error("no command is expected"));
  }

  override disconnect(): Promise<void> {
    return Promise.resolve();
  }

  override async transfer(_: DriverSession, transfer: Transfer): Promise<TransferResult> {
    const { path } = transfer;
    this.asked.push(path);
    if (this.interrupts.delete(path))
      throw transferErrors.TransferInterrupted({ device: "r1", path, why: "the connection ended" });
    if (transfer.direction === "put") {
      const { content } = transfer.entries[0] ?? {};
      const bytes = Buffer.alloc(content?.size ?? 0);
      await content?.read(bytes, 0);
      this.files.set(path, bytes);
      transfer.onProgress?.(bytes.length, bytes.length);
      return { protocol: "Sftp", bytes: bytes.length, files: 1, verified: "size" };
    }
    const bytes = this.files.get(path) ?? Buffer.alloc(0);
    const sink = await transfer.into.file("");
    await sink.open("1");
    await sink.append(bytes);
    await sink.commit();
    return { protocol: "Sftp", bytes: bytes.length, files: 1, verified: "size", notes: ["a note"] };
  }
}

function newDriver(): MapDriver {
  return new MapDriver({ config: {}, log: silentLogger, random: () => 0.5 });
}

const session: DriverSession = { closed: new Promise(() => {}) };
const context: OperationContext = {
  signal: new AbortController().signal,
  log: silentLogger,
  beforeWrite: () => {},
};

const put = (path: string): TransferSpec["files"][number] => ({
  put: { path, from: { configMap: { name: "texts", key: "a" } } },
  overwrite: "Always",
  checksum: "Auto",
});
const get = (path: string): TransferSpec["files"][number] => ({
  get: { path, to: { output: {} } },
  overwrite: "Always",
  checksum: "Auto",
});

async function transferOf(...files: TransferSpec["files"]): Promise<DeviceTransfer> {
  const ends = transferEnds({ volumes: {}, transfer: { urls: [], maxSourceMiB: 1, maxOutputMiB: 1 } }, () =>
    Promise.resolve({ metadata: { name: "texts" }, data: { a: "Hello" } }),
  );
  onTestFinished(ends.close);
  const transfer = await DeviceTransfer.open({ protocol: "Auto", files }, "r1", ends, context.signal);
  onTestFinished(() => transfer.close());
  return transfer;
}

function around(shouldStop = () => false) {
  const kept: { index: number; encoding: string; size: number }[] = [];
  return {
    kept,
    clock: new FakeClock(),
    onProgress: () => {},
    shouldStop,
    keepOutput: (
      { index }: { index: number },
      { size }: { size: number },
      encoding: "utf-8" | "base64",
    ): Promise<OutputRef> => {
      kept.push({ index, encoding, size });
      return Promise.resolve({ kind: "NetOutput", name: "x-0", chunks: 1, size, sha256: "", encoding });
    },
  };
}

const errorOf = (cause: unknown) =>
  cause instanceof NetPulseError ? cause : deviceErrors.DriverFailed({ device: "r1", why: String(cause) });

test("another attempt carries only what is not there yet", async () => {
  const driver = newDriver();
  driver.interrupts.add("/b");
  const transfer = await transferOf(put("/a"), put("/b"), put("/c"));
  const first = await transfer.carry(driver, session, context, around(), errorOf);
  expect(first.error?.code).toBe("TransferInterrupted");
  expect(first.outcomes.map(({ command, error }) => [command, error?.reason])).toEqual([
    ["put /a", undefined],
    ["put /b", "TransferInterrupted"],
  ]);

  const second = await transfer.carry(driver, session, context, around(), errorOf);
  expect(second.error).toBeUndefined();
  expect(second.outcomes.map(({ command }) => command)).toEqual(["put /a", "put /b", "put /c"]);
  expect(driver.asked).toEqual(["/a", "/b", "/b", "/c"]);
});

test("short text stands in the result; long text and what is no text is kept elsewhere", async () => {
  const driver = newDriver();
  driver.files.set("/text", Buffer.from("Grüße\n"));
  driver.files.set("/long", Buffer.alloc(100_000, "x"));
  driver.files.set("/binary", Buffer.from([0, 1, 2]));
  driver.files.set("/latin", Buffer.from("Grüße\n", "latin1"));
  driver.files.set("/empty", Buffer.alloc(0));
  const transfer = await transferOf(get("/text"), get("/long"), get("/binary"), get("/latin"), get("/empty"));
  const surroundings = around();
  const { outcomes } = await transfer.carry(driver, session, context, surroundings, errorOf);
  expect(outcomes.map(({ output }) => output)).toEqual(["Grüße\n", undefined, undefined, undefined, ""]);
  expect(surroundings.kept).toEqual([
    { index: 1, encoding: "utf-8", size: 100_000 },
    { index: 2, encoding: "base64", size: 3 },
    { index: 3, encoding: "base64", size: 6 },
  ]);
  expect(outcomes[0]).toMatchObject({
    notes: ["a note"],
    transfer: { direction: "get", path: "/text", verified: "size" },
  });
});

test("a job that is to stop begins no further file", async () => {
  const driver = newDriver();
  const transfer = await transferOf(put("/a"), put("/b"));
  const result = await transfer.carry(
    driver,
    session,
    context,
    around(() => driver.asked.length > 0),
    errorOf,
  );
  expect(result).toMatchObject({ stopped: true });
  expect(driver.asked).toEqual(["/a"]);
});

test("a driver without file transfer is refused before anything is begun", async () => {
  class Plain extends BaseDriver {
    static override readonly driverName = "plain";
    readonly argsSchema = z.record(z.string(), z.unknown());
    readonly readOnly = { commands: [], methods: [] };
    override connect = () => Promise.resolve(session);
    override executeCommand = () => Promise.reject(new Error("no command is expected"));
    override disconnect = () => Promise.resolve();
  }
  const transfer = await transferOf(put("/a"));
  const driver = new Plain({ config: {}, log: silentLogger, random: () => 0.5 });
  expect(() => refuseUnhonoured(driver, "plain", { kind: "transfer", transfer })).toThrow(
    expect.objectContaining({ code: "NotImplemented" }),
  );
  expect(() => refuseUnhonoured(newDriver(), "map", { kind: "transfer", transfer })).not.toThrow();
});
