import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperationContext, TransferResult } from "../../plugin/index.ts";
import { posixFileCommands } from "./file-commands.ts";
import { type CuttingProxy, startProxy } from "./testing/cutting-proxy.ts";
import { contentOf, MemoryTree } from "./testing/memory-files.ts";
import { noSshd, startSshd, type TestSshd } from "./testing/sshd.ts";
import { transferFiles } from "./transfer.ts";

const quiet = () => {};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  beforeWrite: quiet,
};
const OLD = Buffer.from("the old file");
const NEW = Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * 31) ^ (i >> 7)));
const common = { overwrite: "Always", checksum: "Auto" } as const;

/** Where a connection that has just been logged in to is cut. */
const cut = fc.record({
  protocol: fc.constantFrom("Sftp" as const, "Scp" as const),
  // Most bytes are the file's; what is said before and after it is cut as often.
  bytes: fc.oneof(
    fc.integer({ min: 0, max: NEW.length }),
    fc.integer({ min: 0, max: 6000 }),
    fc.integer({ min: NEW.length, max: NEW.length + 10_000 }),
  ),
  direction: fc.constantFrom("sent" as const, "received" as const),
});

describe.skipIf(noSshd)("a connection that is cut at any byte (skipped where sshd is not installed)", () => {
  let server: TestSshd;
  let proxy: CuttingProxy;
  let interruptions = 0;
  beforeAll(async () => {
    server = await startSshd();
    proxy = await startProxy(server.port);
  }, 30_000);
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  /** Runs a transfer on a new connection; undefined: it was interrupted, and said so. */
  async function attempt(
    transfer: Parameters<typeof transferFiles>[1],
    where?: { direction: "sent" | "received"; bytes: number },
  ): Promise<TransferResult | undefined> {
    const connection = await server.connect(proxy.port);
    if (where) proxy.cutAfter(where.direction, where.bytes);
    try {
      const again = () => server.connect(proxy.port);
      return await transferFiles(
        { device: "h1", connection, again, commands: posixFileCommands },
        transfer,
        context,
      );
    } catch (error) {
      expect(error).toMatchObject({ code: "TransferInterrupted" });
      interruptions += 1;
      return undefined;
    } finally {
      // A cut that was not reached is not for the next connection.
      proxy.cutAfter("sent", Number.POSITIVE_INFINITY);
      connection.close();
    }
  }

  test("a put leaves the old file or the complete new one, and the next attempt completes it", async () => {
    const path = join(server.folder, "target");
    const arrivals = () => readdirSync(server.folder).filter((name) => name.startsWith(".target.netpulse-"));
    interruptions = 0;
    await fc.assert(
      fc.asyncProperty(cut, async ({ protocol, ...where }) => {
        rmSync(path, { force: true });
        for (const name of arrivals()) rmSync(join(server.folder, name));
        writeFileSync(path, OLD);
        const put = {
          ...common,
          direction: "put" as const,
          path,
          protocol,
          entries: [{ path: "", content: contentOf(NEW) }],
        };

        const first = await attempt(put, where);
        const there = readFileSync(path);
        expect(there.equals(NEW) || (first === undefined && there.equals(OLD))).toBe(true);

        const [arrived] = arrivals();
        const kept = arrived === undefined ? 0 : statSync(join(server.folder, arrived)).size;
        const second = await attempt(put);
        expect(second).toMatchObject({ verified: "sha256", bytes: NEW.length });
        if (protocol === "Sftp") expect(second?.resumedBytes ?? 0).toBeGreaterThanOrEqual(kept);
        expect(readFileSync(path).equals(NEW)).toBe(true);
        expect(arrivals()).toEqual([]);
      }),
      { numRuns: 10 },
    );
    // A test whose cuts all came too late would prove nothing.
    expect(interruptions).toBeGreaterThan(0);
  }, 240_000);

  test("a get gives nothing or the complete file, and the next attempt completes it", async () => {
    const path = join(server.folder, "source");
    writeFileSync(path, NEW);
    interruptions = 0;
    await fc.assert(
      fc.asyncProperty(cut, async ({ protocol, ...where }) => {
        const into = new MemoryTree();
        const get = { ...common, direction: "get" as const, path, protocol, into, recursive: false };
        const first = await attempt(get, where);
        expect(into.files.has("")).toBe(first !== undefined);

        const kept = into.unfinishedBytes;
        const second = await attempt(get);
        expect(second).toMatchObject({ verified: "sha256", bytes: NEW.length });
        if (protocol === "Sftp") expect(second?.resumedBytes ?? 0).toBe(kept);
        expect(into.files.get("")?.equals(NEW)).toBe(true);
        expect(existsSync(path)).toBe(true);
      }),
      { numRuns: 10 },
    );
    // A test whose cuts all came too late would prove nothing.
    expect(interruptions).toBeGreaterThan(0);
  }, 240_000);
});
