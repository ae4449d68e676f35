import { chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, MemoryTree } from "../../../src/device/transfer/testing/memory-files.ts";
import type { Put, Transfer, TransferResult } from "../../../src/plugin/index.ts";
import { context, newDriver, noUsers, TestHost, type TestUser } from "./test-host.ts";

const TEXT = Buffer.from("Welcome\n".repeat(1000));
const common = { protocol: "Auto", overwrite: "Always", checksum: "Auto" } as const;

describe.skipIf(noUsers)(
  "files of an ordinary user (skipped where sshd is missing or the test is not root)",
  () => {
    let host: TestHost;
    let user: TestUser;
    beforeAll(async () => {
      host = await TestHost.start(["Subsystem sftp internal-sftp", "PasswordAuthentication yes"]);
      user = host.user();
    }, 30_000);
    afterAll(() => host.close());

    async function carry(transfer: Transfer): Promise<TransferResult> {
      const driver = newDriver();
      const session = await driver.connect(host.target(user), context());
      try {
        return await driver.transfer(session, transfer, context());
      } finally {
        await driver.disconnect(session);
      }
    }

    const put = (path: string, more: Partial<Put> = {}): Put => ({
      ...common,
      direction: "put",
      path,
      entries: [{ path: "", content: contentOf(TEXT) }],
      ...more,
    });

    test("a file goes there and back", async () => {
      const path = join(user.home, "motd");
      expect(await carry(put(path, { mode: 0o600 }))).toMatchObject({ protocol: "Sftp", verified: "sha256" });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const into = new MemoryTree();
      const get = { ...common, direction: "get" as const, path, into, recursive: false };
      expect(await carry(get)).toMatchObject({ verified: "sha256" });
      expect(into.files.get("")?.equals(TEXT)).toBe(true);
    });

    test.each(["Sftp", "Scp"] as const)(
      "what the user may not write or read is told by its name: %s",
      async (protocol) => {
        await expect(carry(put("/root/netpulse-test", { protocol }))).rejects.toMatchObject({
          code: "RemotePermissionDenied",
          message: expect.stringContaining("/root/netpulse-test"),
        });
        const secret = join(user.home, "secret");
        writeFileSync(secret, "root's", { mode: 0o600 });
        const into = new MemoryTree();
        const get = { ...common, direction: "get" as const, path: secret, into, recursive: false, protocol };
        await expect(carry(get)).rejects.toMatchObject({ code: "RemotePermissionDenied" });
      },
    );

    test("an owner that cannot be kept is told", async () => {
      const path = join(user.home, "of-somebody-else");
      writeFileSync(path, "old");
      chownSync(path, 1234, 4321);
      const { notes } = await carry(put(path));
      expect(notes).toEqual([expect.stringContaining("it was 1234:4321")]);
      expect(readFileSync(path).equals(TEXT)).toBe(true);
    });
  },
);
