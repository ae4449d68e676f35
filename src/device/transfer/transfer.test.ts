import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Get, OperationContext, Put, PutEntry, TransferResult } from "../../plugin/index.ts";
import type { SshConnection } from "../ssh.ts";
import { posixFileCommands } from "./file-commands.ts";
import { contentOf, MemoryTree } from "./testing/memory-files.ts";
import { noSshd, startSshd, type TestSshd } from "./testing/sshd.ts";
import { transferFiles } from "./transfer.ts";

const quiet = () => {};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  beforeWrite: quiet,
};

const BYTES = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7919) >> 3));
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

class Host {
  readonly server: TestSshd;
  connection: SshConnection;
  logins = 1;

  constructor(server: TestSshd, connection: SshConnection) {
    this.server = server;
    this.connection = connection;
  }

  static async start(...lines: readonly string[]): Promise<Host> {
    const server = await startSshd(...lines);
    return new Host(server, await server.connect());
  }

  path(name: string): string {
    return join(this.server.folder, name);
  }

  get peer() {
    return {
      device: "h1",
      connection: this.connection,
      again: () => {
        this.logins += 1;
        return this.server.connect();
      },
      commands: posixFileCommands,
    };
  }

  put(
    path: string,
    entries: Uint8Array | readonly PutEntry[],
    more: Partial<Put> = {},
  ): Promise<TransferResult> {
    const put: Put = {
      direction: "put",
      path,
      entries: entries instanceof Uint8Array ? [{ path: "", content: contentOf(entries) }] : entries,
      protocol: "Auto",
      overwrite: "Always",
      checksum: "Auto",
      ...more,
    };
    return transferFiles(this.peer, put, context);
  }

  get(path: string, into: MemoryTree, more: Partial<Get> = {}): Promise<TransferResult> {
    const get: Get = {
      direction: "get",
      path,
      into,
      recursive: false,
      protocol: "Auto",
      overwrite: "Always",
      checksum: "Auto",
      ...more,
    };
    return transferFiles(this.peer, get, context);
  }

  /** Names in the folder of a file that begin as unfinished arrivals do. */
  leftovers(): string[] {
    return readdirSync(this.server.folder).filter((name) => name.includes(".netpulse-"));
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.server.stop();
  }
}

describe.skipIf(noSshd)("real OpenSSH (skipped where sshd is not installed)", () => {
  let host: Host;
  beforeAll(async () => {
    host = await Host.start();
  }, 30_000);
  afterAll(() => host.stop());

  describe.each(["Sftp", "Scp"] as const)("%s", (protocol) => {
    test("a file is put with its permissions and checked by its digest", async () => {
      const path = host.path(`put-${protocol}`);
      const result = await host.put(path, BYTES, { protocol, mode: 0o640 });
      expect(result).toEqual({
        protocol,
        bytes: BYTES.length,
        files: 1,
        sha256: SHA256,
        deviceDigest: { algorithm: "sha256", hex: SHA256 },
        verified: "sha256",
      });
      expect(readFileSync(path).equals(BYTES)).toBe(true);
      expect(statSync(path).mode & 0o7777).toBe(0o640);
      expect(host.leftovers()).toEqual([]);
    });

    test("a file is fetched and checked", async () => {
      const path = host.path(`get ${protocol}'s`);
      writeFileSync(path, BYTES);
      const tree = new MemoryTree();
      const result = await host.get(path, tree, { protocol });
      expect(result).toMatchObject({ protocol, bytes: BYTES.length, sha256: SHA256, verified: "sha256" });
      expect(tree.files.get("")?.equals(BYTES)).toBe(true);
    });

    test("empty files go both ways", async () => {
      const path = host.path(`empty-${protocol}`);
      await host.put(path, Buffer.alloc(0), { protocol });
      const tree = new MemoryTree();
      expect(await host.get(path, tree, { protocol })).toMatchObject({ bytes: 0, verified: "sha256" });
      expect(tree.files.get("")).toHaveLength(0);
    });

    test("a file without a mode keeps that of the one that it replaces", async () => {
      const path = host.path(`kept-${protocol}`);
      writeFileSync(path, "old");
      chmodSync(path, 0o755);
      await host.put(path, BYTES, { protocol });
      expect(statSync(path).mode & 0o7777).toBe(0o755);
    });

    test("a folder goes there with what is in it, and comes back without its links", async () => {
      const path = host.path(`tree-${protocol}`);
      await host.put(
        path,
        [
          { path: "" },
          { path: "sub" },
          { path: "a.txt", content: contentOf(Buffer.from("A")) },
          { path: "sub/b.bin", content: contentOf(BYTES) },
        ],
        { protocol },
      );
      expect(readFileSync(join(path, "sub/b.bin")).equals(BYTES)).toBe(true);
      symlinkSync("/etc", join(path, "sub", "link"));

      const tree = new MemoryTree();
      const result = await host.get(path, tree, { protocol, recursive: true });
      expect(result).toMatchObject({
        files: 2,
        bytes: BYTES.length + 1,
        verified: "sha256",
        leftOut: ["sub/link: a symbolic link"],
      });
      expect([...tree.files.keys()].toSorted()).toEqual(["a.txt", "sub/b.bin"]);
      expect(tree.folders).toEqual(["", "sub"]);
    });

    test("a file that is the same is left alone, one that differs is replaced", async () => {
      const path = host.path(`same-${protocol}`);
      await host.put(path, BYTES, { protocol });
      const before = statSync(path).ino;
      const again = await host.put(path, BYTES, { protocol, overwrite: "IfDifferent" });
      expect(again).toMatchObject({ files: 0, skipped: "the device has the same already" });
      expect(statSync(path).ino).toBe(before);

      const other = Buffer.from(BYTES.map((byte) => byte ^ 1));
      expect(await host.put(path, other, { protocol, overwrite: "IfDifferent" })).toMatchObject({ files: 1 });
      expect(readFileSync(path).equals(other)).toBe(true);
      expect(await host.put(path, BYTES, { protocol, overwrite: "Never" })).toMatchObject({
        files: 0,
        skipped: "it is there already",
      });
    });

    test("what is missing, a folder, or a place that does not exist is told by its name", async () => {
      const tree = new MemoryTree();
      await expect(host.get(host.path("nowhere"), tree, { protocol })).rejects.toMatchObject({
        code: "RemoteFileMissing",
        message: expect.stringContaining("nowhere"),
      });
      mkdirSync(host.path(`folder-${protocol}`));
      const folder = host.path(`folder-${protocol}`);
      await expect(host.get(folder, tree, { protocol })).rejects.toMatchObject({
        code: "RemotePathUnusable",
      });
      await expect(host.put(folder, BYTES, { protocol })).rejects.toMatchObject({
        code: "RemotePathUnusable",
        message: expect.stringContaining("name the file"),
      });
      await expect(host.put(host.path("no/such/folder/x"), BYTES, { protocol })).rejects.toMatchObject({
        code: "RemoteFileMissing",
      });
      expect(tree.files.size).toBe(0);
    });

    test("progress is told up to the whole", async () => {
      const path = host.path(`progress-${protocol}`);
      const told: [number, number][] = [];
      const onProgress = (done: number, total: number) => void told.push([done, total]);
      await host.put(path, BYTES, { protocol, onProgress });
      expect(told.at(-1)).toEqual([BYTES.length, BYTES.length]);
      expect(told.every(([done], at) => at === 0 || done >= (told[at - 1]?.[0] ?? 0))).toBe(true);
      told.length = 0;
      await host.get(path, new MemoryTree(), { protocol, onProgress });
      expect(told.at(-1)).toEqual([BYTES.length, BYTES.length]);
    });

    test("an abort ends it at once and leaves the old file", async () => {
      const path = host.path(`abort-${protocol}`);
      writeFileSync(path, "old");
      const abort = new AbortController();
      const put: Put = {
        direction: "put",
        path,
        entries: [{ path: "", content: contentOf(BYTES) }],
        protocol,
        overwrite: "Always",
        checksum: "Auto",
        bytesPerSecond: 100_000,
        onProgress: () => abort.abort("the job was cancelled"),
      };
      await expect(transferFiles(host.peer, put, { ...context, signal: abort.signal })).rejects.toMatchObject(
        {
          code: "TransferInterrupted",
          message: expect.stringContaining("the job was cancelled"),
        },
      );
      expect(readFileSync(path, "utf8")).toBe("old");
    });
  });

  test("a link is written through, not replaced", async () => {
    const real = host.path("real");
    writeFileSync(real, "old");
    symlinkSync(real, host.path("alias"));
    await host.put(host.path("alias"), BYTES);
    expect(readFileSync(real).equals(BYTES)).toBe(true);
  });

  test("unfinished arrivals of older content are cleared away", async () => {
    const path = host.path("cleared");
    writeFileSync(host.path(".cleared.netpulse-0123456789ab"), "half of something");
    writeFileSync(host.path(".cleared.netpulse-mine"), "somebody else's");
    await host.put(path, BYTES);
    expect(host.leftovers()).toEqual([".cleared.netpulse-mine"]);
  });

  test("files of the kernel, which have no size, are read to their end", async () => {
    const tree = new MemoryTree();
    const result = await host.get("/proc/version", tree, { protocol: "Sftp" });
    expect(tree.files.get("")?.toString()).toBe(readFileSync("/proc/version", "utf8"));
    expect(result.verified).toBe("size");
  });

  test("a rate is kept", async () => {
    const began = performance.now();
    await host.put(host.path("slow"), BYTES.subarray(0, 100_000), { bytesPerSecond: 200_000 });
    // The first quarter of a second's bytes may go at once.
    expect(performance.now() - began).toBeGreaterThan(240);
  });

  test("a path that begins with a dash is no option", async () => {
    const tree = new MemoryTree();
    await expect(host.get("-rf", tree, { protocol: "Scp" })).rejects.toMatchObject({
      code: "RemoteFileMissing",
    });
  });

  test.skipIf(userInfo().uid !== 0)(
    "a disk that is too small is found out before anything is sent (skipped where the test is not root and cannot mount)",
    async () => {
      const disk = host.path("disk");
      mkdirSync(disk);
      execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
      try {
        writeFileSync(join(disk, "x"), "old");
        for (const protocol of ["Sftp", "Scp"] as const) {
          await expect(host.put(join(disk, "x"), BYTES, { protocol })).rejects.toMatchObject({
            code: "NoSpace",
          });
          expect(readdirSync(disk)).toEqual(["x"]);
          expect(readFileSync(join(disk, "x"), "utf8")).toBe("old");
        }
      } finally {
        execFileSync("/bin/umount", [disk]);
      }
    },
  );

  test.skipIf(userInfo().uid !== 0)(
    "a disk that fills up in the middle keeps the old file and nothing else (skipped where the test is not root and cannot mount)",
    async () => {
      const disk = host.path("filling");
      mkdirSync(disk);
      execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
      try {
        writeFileSync(join(disk, "x"), "old");
        let filled = false;
        const onProgress = () => {
          if (!filled) writeFileSync(join(disk, "other"), Buffer.alloc(statfsSync(disk).bavail * 4096));
          filled = true;
        };
        const put = host.put(join(disk, "x"), BYTES, { onProgress, bytesPerSecond: 400_000 });
        await expect(put).rejects.toMatchObject({ code: "NoSpace" });
        expect(readdirSync(disk).toSorted()).toEqual(["other", "x"]);
        expect(readFileSync(join(disk, "x"), "utf8")).toBe("old");
      } finally {
        execFileSync("/bin/umount", [disk]);
      }
    },
  );

  test.skipIf(userInfo().uid !== 0)(
    "the owner of a file that is replaced is kept (skipped where the test is not root and cannot give files away)",
    async () => {
      const path = host.path("owned");
      writeFileSync(path, "old");
      chownSync(path, 1234, 4321);
      chmodSync(path, 0o4750);
      await host.put(path, BYTES, { protocol: "Sftp" });
      expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321, mode: 0o104750 });
    },
  );
});

describe.skipIf(noSshd)("servers that give less (skipped where sshd is not installed)", () => {
  async function on(lines: readonly string[], run: (host: Host) => Promise<void>): Promise<void> {
    const host = await Host.start(...lines);
    try {
      await run(host);
    } finally {
      await host.stop();
    }
  }

  test(
    "without SFTP the file goes by SCP",
    () =>
      on(["Subsystem other /bin/true"], async (host) => {
        const result = await host.put(host.path("x"), BYTES);
        expect(result).toMatchObject({ protocol: "Scp", verified: "sha256" });
        await expect(host.put(host.path("x"), BYTES, { protocol: "Sftp" })).rejects.toMatchObject({
          code: "TransferNotSupported",
          message: expect.stringContaining("SFTP"),
        });
      }),
    20_000,
  );

  test(
    "with nothing but SFTP the sizes are compared, and it is said",
    () =>
      on(["ForceCommand internal-sftp"], async (host) => {
        const result = await host.put(host.path("x"), BYTES);
        expect(result).toMatchObject({
          protocol: "Sftp",
          verified: "size",
          notes: [expect.stringContaining("no way to compare digests")],
        });
        expect(result).not.toHaveProperty("deviceDigest");
        await expect(host.put(host.path("x"), BYTES, { protocol: "Scp" })).rejects.toMatchObject({
          code: "TransferNotSupported",
        });
      }),
    20_000,
  );

  test(
    "keys that the server changes in the middle change nothing",
    () =>
      on(["RekeyLimit 1M"], async (host) => {
        const bytes = Buffer.alloc(8_000_000, "0123456789abcdefg");
        expect(await host.put(host.path("x"), bytes)).toMatchObject({ protocol: "Sftp", verified: "sha256" });
        const tree = new MemoryTree();
        expect(await host.get(host.path("x"), tree)).toMatchObject({ verified: "sha256" });
        expect(tree.files.get("")?.equals(bytes)).toBe(true);
      }),
    20_000,
  );

  test(
    "with one channel for each connection, further logins are made and ended",
    () =>
      on(["MaxSessions 1"], async (host) => {
        const shell = await host.connection.shell();
        expect(await host.put(host.path("x"), BYTES)).toMatchObject({ protocol: "Sftp", verified: "sha256" });
        expect(host.logins).toBeGreaterThan(1);
        expect(existsSync(host.path("x"))).toBe(true);
        shell.close();
      }),
    20_000,
  );

  test.skipIf(userInfo().uid !== 0)(
    "locked in a folder, paths begin there (skipped where the test is not root: sshd cannot chroot)",
    async () => {
      // The way to it must belong to root alone, which that to the temporary folder does not.
      const root = mkdtempSync("/run/netpulse-chroot-");
      chmodSync(root, 0o755);
      mkdirSync(join(root, "files"));
      try {
        await on([`ChrootDirectory ${root}`, "ForceCommand internal-sftp"], async (host) => {
          expect(await host.put("/files/x", BYTES)).toMatchObject({ verified: "size" });
          expect(readFileSync(join(root, "files/x")).equals(BYTES)).toBe(true);
        });
      } finally {
        rmSync(root, { recursive: true });
      }
    },
    20_000,
  );
});
