import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { contentOf, MemoryTree } from "../../../src/device/transfer/testing/memory-files.ts";
import { noSshd, startSshd } from "../../../src/device/transfer/testing/sshd.ts";
import type { DeviceTarget, Get, Put } from "../../../src/plugin/index.ts";
import { FakeClock } from "../../../src/runtime/clock.ts";
import { carryFiles } from "./files.ts";
import { type ScpDevice, type ScpDeviceOptions, startScpDevice } from "./test-scp-device.ts";
import { context, newDriver } from "./test-session.ts";

const IMAGE = Buffer.from(Array.from({ length: 150_000 }, (_, i) => i % 251));
const MD5 = createHash("md5").update(IMAGE).digest("hex");
const devices: ScpDevice[] = [];
afterEach(() => Promise.all(devices.splice(0).map((device) => device.close())));

async function router(options: ScpDeviceOptions = {}) {
  const device = await startScpDevice(options);
  devices.push(device);
  const driver = newDriver();
  const target: DeviceTarget = {
    name: "r1",
    host: "127.0.0.1",
    port: device.port,
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Strict", fingerprints: [device.fingerprint] },
    args: { device_type: "cisco_ios" },
  };
  const session = await driver.connect(target, context());
  const put = (more: Partial<Put> = {}) =>
    driver.transfer(
      session,
      {
        direction: "put",
        path: "flash:image.bin",
        entries: [{ path: "", content: contentOf(IMAGE) }],
        protocol: "Auto",
        overwrite: "Always",
        checksum: "Auto",
        ...more,
      },
      context(),
    );
  const get = (path: string, into: MemoryTree, more: Partial<Get> = {}) =>
    driver.transfer(
      session,
      {
        direction: "get",
        path,
        into,
        recursive: false,
        protocol: "Auto",
        overwrite: "Always",
        checksum: "Auto",
        ...more,
      },
      context(),
    );
  return { device, driver, session, put, get };
}

test("an image goes to a router by SCP on a connection of its own, and the command line proves its digest", async () => {
  const { device, driver, session, put } = await router();
  const result = await put();
  expect(result).toMatchObject({
    protocol: "Scp",
    bytes: IMAGE.length,
    verified: "md5",
    deviceDigest: { algorithm: "md5", hex: MD5 },
  });
  expect(device.flash.get("image.bin")?.equals(IMAGE)).toBe(true);
  // The session was left alone, and is of use afterwards.
  expect((await driver.executeCommand(session, { command: "dir flash:" }, context())).output).toContain(
    "850000 bytes free",
  );
  expect(device.received).toContain("dir flash:");
});

test("a file comes from a router", async () => {
  const { device, get } = await router();
  device.flash.set("startup.cfg", IMAGE);
  const tree = new MemoryTree();
  expect(await get("flash:startup.cfg", tree)).toMatchObject({ verified: "md5", protocol: "Scp" });
  expect(tree.files.get("")?.equals(IMAGE)).toBe(true);
  await expect(get("flash:none.cfg", tree)).rejects.toMatchObject({ code: "RemoteFileMissing" });
});

test("a flash that is too small is found out before anything is sent", async () => {
  const { device, put } = await router({ flashBytes: 100_000 });
  await expect(put()).rejects.toMatchObject({
    code: "NoSpace",
    message: expect.stringContaining("150000 bytes are needed, 100000 are free"),
  });
  expect(device.flash.size).toBe(0);
});

test("what arrives changed is deleted, and it is said", async () => {
  const { device, put } = await router({ spoils: true });
  await expect(put()).rejects.toMatchObject({
    code: "ChecksumMismatch",
    message: expect.stringMatching(/md5 is .* cannot rename.*was deleted/),
  });
  expect(device.flash.size).toBe(0);
});

test("what is cut is deleted, and the next attempt completes it", async () => {
  const { device, put } = await router({ cutAfter: 50_000 });
  await expect(put()).rejects.toMatchObject({
    code: "TransferInterrupted",
    message: expect.stringContaining("was deleted"),
  });
  expect(device.flash.size).toBe(0);
  expect(await put()).toMatchObject({ verified: "md5" });
});

test("a router without SCP server is told how it is switched on", async () => {
  const { put } = await router({ scp: false });
  await expect(put()).rejects.toMatchObject({
    code: "TransferNotSupported",
    message: expect.stringContaining("ip scp server enable"),
  });
});

test("an image that is there already is not sent again", async () => {
  const { device, put } = await router();
  device.flash.set("image.bin", IMAGE);
  const logins = device.logins;
  expect(await put({ overwrite: "IfDifferent" })).toMatchObject({
    files: 0,
    skipped: "the device has the same already",
  });
  expect(await put({ overwrite: "Never" })).toMatchObject({ files: 0 });
  // To find out that it has no SFTP takes one; the digest needs none.
  expect(device.logins - logins).toBeLessThanOrEqual(2);
});

test("the command line says that it is alive while a long copy goes beside it", async () => {
  const { device, session } = await router();
  // Time passes only while the rate demands a pause: what the network needs takes none.
  const time = new FakeClock();
  const clock = {
    now: () => time.now(),
    setTimeout: (fn: () => void, ms: number) => {
      if (ms < 10_000) setImmediate(() => void time.advance(ms));
      return time.setTimeout(fn, ms);
    },
    clearTimeout: (handle: unknown) => time.clearTimeout(handle as ReturnType<FakeClock["setTimeout"]>),
  };
  const put: Put = {
    direction: "put",
    path: "flash:image.bin",
    entries: [{ path: "", content: contentOf(IMAGE) }],
    protocol: "Auto",
    overwrite: "Always",
    checksum: "Auto",
    // 150 s for the image.
    bytesPerSecond: 1000,
  };
  const result = await carryFiles(session, put, context(), clock);
  expect(result).toMatchObject({ verified: "md5" });
  expect(device.received.filter((line) => line === "")).toHaveLength(2);
});

test("a path that would be two words on the command line is refused", async () => {
  const { device, put } = await router();
  for (const path of ["flash:a b", "flash:a;reload", "flash:a\nreload", "flash:a|redirect x"])
    await expect(put({ path })).rejects.toMatchObject({ code: "RemotePathUnusable" });
  expect(device.received.join("\n")).not.toContain("reload");
});

test.skipIf(noSshd)(
  "a host with a shell takes files on the session's own connection (skipped where sshd is not installed)",
  async () => {
    const server = await startSshd();
    try {
      const driver = newDriver();
      const target: DeviceTarget = {
        name: "h1",
        host: "127.0.0.1",
        port: server.port,
        credential: { username: server.username, privateKey: server.privateKey, data: {} },
        hostKeys: { policy: "Strict", fingerprints: [server.fingerprint] },
        args: { device_type: "linux", prompt_pattern: "[#$] ?$" },
      };
      const session = await driver.connect(target, context());
      const path = join(server.folder, "image.bin");
      const put: Put = {
        direction: "put",
        path,
        entries: [{ path: "", content: contentOf(IMAGE) }],
        protocol: "Auto",
        overwrite: "Always",
        checksum: "Auto",
      };
      expect(await driver.transfer(session, put, context())).toMatchObject({
        protocol: "Sftp",
        verified: "sha256",
      });
      expect(readFileSync(path).equals(IMAGE)).toBe(true);
      const { output } = await driver.executeCommand(session, { command: `wc -c < ${path}` }, context());
      expect(output.trim()).toBe(String(IMAGE.length));
      await driver.disconnect(session, context());
    } finally {
      await server.stop();
    }
  },
);
