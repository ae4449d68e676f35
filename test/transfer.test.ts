import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CommandOutcome, netOutputs } from "../src/api/index.ts";
import { noSshd, startSshd } from "../src/device/transfer/testing/sshd.ts";
import { configMaps } from "../src/runtime/index.ts";
import { condition, type PoolMember, result, type System, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

const BINARY = Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * 131) ^ (i >> 5)));

interface Host extends PoolMember {
  readonly folder: string;
}

/** A real OpenSSH server as a device of the driver paramiko. */
async function startHost(): Promise<Host> {
  const { stop, port, fingerprint, username, privateKey, folder } = await startSshd();
  onTestFinished(stop);
  return {
    host: "127.0.0.1",
    port,
    fingerprint,
    username,
    password: "unused",
    privateKey,
    platform: "linux",
    driver: "paramiko",
    folder,
  };
}

/** A server of files on loopback; its address. */
async function startFiles(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const found = Object.hasOwn(files, url) ? files[url] : undefined;
    response.writeHead(found ? 200 : 404).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-volume-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function fetched(system: System, { output, outputRef }: CommandOutcome): Promise<Buffer> {
  if (!outputRef) return Buffer.from(output ?? "");
  const base = outputRef.name.replace(/-0$/, "");
  const parts: Buffer[] = [];
  for (let at = 0; at < (outputRef.chunks ?? 0); at++) {
    const { data = "", encoding = "utf-8" } = await system.client.get(
      netOutputs,
      system.namespace,
      `${base}-${at}`,
    );
    parts.push(Buffer.from(data, encoding));
  }
  return Buffer.concat(parts);
}

describe.skipIf(noSshd)("files (skipped where sshd is not installed)", () => {
  test("a job puts files from a ConfigMap, a volume and an address, and fetches to its result and to a volume", async () => {
    const [firmware, backups] = [newFolder(), newFolder()];
    writeFileSync(join(firmware, "image.bin"), BINARY);
    const files = await startFiles({ "/pub/tool.sh": Buffer.from("#!/bin/sh\n") });
    const system = await startSystem({
      config: {
        worker: {
          volumes: { firmware: { path: firmware }, backups: { path: backups, writable: true } },
          transfer: { urls: [`${files}/pub/`] },
        },
      },
    });
    const h1 = await startHost();
    await system.startOperator();
    await system.createPool({ h1 });
    await system.startWorker();
    await system.client.create(configMaps, {
      metadata: { name: "motd", namespace: system.namespace },
      data: { text: "Welcome\n", other: "Hello\n" },
    });
    const path = (name: string) => join(h1.folder, name);

    await system.createJob("carry", {
      devices: ["h1"],
      transfer: {
        files: [
          { put: { path: path("motd"), mode: "0600", from: { configMap: { name: "motd", key: "text" } } } },
          { put: { path: path("image.bin"), from: { volume: { name: "firmware", path: "image.bin" } } } },
          { put: { path: path("tool.sh"), mode: "0755", from: { url: `${files}/pub/tool.sh` } } },
          { put: { path: path("texts"), from: { configMap: { name: "motd" } } }, recursive: true },
          { get: { path: path("motd"), to: { output: {} } } },
          { get: { path: path("image.bin"), to: { output: {} } } },
          {
            get: { path: path("texts"), to: { volume: { name: "backups", path: "{device}/texts" } } },
            recursive: true,
          },
        ],
      },
    });
    const job = await system.finished("carry");
    expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
    expect(readFileSync(path("motd"), "utf8")).toBe("Welcome\n");
    expect(readFileSync(path("image.bin")).equals(BINARY)).toBe(true);
    expect(readFileSync(path("tool.sh"), "utf8")).toBe("#!/bin/sh\n");
    expect(readFileSync(path("texts/other"), "utf8")).toBe("Hello\n");
    expect(readFileSync(join(backups, "h1/texts/text"), "utf8")).toBe("Welcome\n");

    const commands = result(job, "h1")?.commands ?? [];
    expect(commands.map(({ command }) => command.replace(h1.folder, ""))).toEqual([
      "put /motd",
      "put /image.bin",
      "put /tool.sh",
      "put /texts",
      "get /motd",
      "get /image.bin",
      "get /texts",
    ]);
    expect(commands.map(({ transfer }) => transfer?.verified)).toEqual(commands.map(() => "sha256"));
    expect(commands[0]?.transfer).toMatchObject({ direction: "put", protocol: "Sftp", bytes: 8, files: 1 });
    expect(commands[4]).toMatchObject({ output: "Welcome\n" });
    expect(commands[5]?.outputRef).toMatchObject({ encoding: "base64", size: BINARY.length });
    const [image] = commands.slice(5);
    if (image) expect((await fetched(system, image)).equals(BINARY)).toBe(true);
  });

  test("progress is told while it runs; a cancel ends it and leaves the old file; the next run goes on from there", async () => {
    const firmware = newFolder();
    const big = Buffer.alloc(4_000_000, "0123456789abcdef-");
    writeFileSync(join(firmware, "big"), big);
    const system = await startSystem({ config: { worker: { volumes: { firmware: { path: firmware } } } } });
    const h1 = await startHost();
    await system.startOperator();
    await system.createPool({ h1 });
    await system.startWorker();
    const target = join(h1.folder, "big");
    writeFileSync(target, "old");
    const files = [{ put: { path: target, from: { volume: { name: "firmware", path: "big" } } } }];
    await system.createJob("slow", { devices: ["h1"], transfer: { limitKiBPerSecond: 400, files } });

    const [task] = await until("progress is told", async () => {
      const tasks = await system.tasks("slow");
      return tasks.some(({ status }) => status?.devices?.[0]?.progress) ? tasks : undefined;
    });
    expect(task?.status?.devices?.[0]).toMatchObject({
      state: "Running",
      progress: { path: target, total: big.length, bytes: expect.any(Number) },
    });
    expect(Object.keys(task?.status?.claims ?? {})).toEqual(["h1"]);

    await system.editJob("slow", { cancel: true });
    const cancelled = await system.finished("slow");
    expect(result(cancelled, "h1")).toMatchObject({ state: "Cancelled" });
    expect(result(cancelled, "h1")).not.toHaveProperty("progress");
    expect(readFileSync(target, "utf8")).toBe("old");

    await system.editJob("slow", { cancel: false, transfer: { limitKiBPerSecond: null, files } });
    const done = await system.jobThat(
      "slow",
      "is done",
      (job) => job.status?.run === 2 && !!condition(job, "Finished"),
    );
    const job = condition(done, "Finished")?.status === "True" ? done : await system.finished("slow");
    const { transfer } = result(job, "h1")?.commands?.[0] ?? {};
    expect(transfer).toMatchObject({ verified: "sha256", bytes: big.length });
    expect(transfer?.resumedBytes).toBeGreaterThan(0);
    expect(readFileSync(target).equals(big)).toBe(true);
  });

  test("what is wrong with a source is found out before the device is touched, and a get needs no claim", async () => {
    const system = await startSystem();
    const h1 = await startHost();
    mkdirSync(join(h1.folder, "d"));
    await system.startOperator();
    await system.createPool({ h1 });
    await system.startWorker();
    const put = (from: object) => ({ put: { path: join(h1.folder, "d/x"), from } });
    for (const [reason, from] of [
      ["SourceNotFound", { configMap: { name: "none", key: "x" } }],
      ["SourceNotAllowed", { volume: { name: "none", path: "x" } }],
      ["SourceNotAllowed", { url: "http://169.254.169.254/latest/meta-data" }],
    ] as const) {
      const name = `bad-${Object.keys(from)[0]?.toLowerCase()}`;
      await system.createJob(name, { devices: ["h1"], transfer: { files: [put(from)] } });
      expect(result(await system.finished(name), "h1")).toMatchObject({ state: "Failed", reason });
      const [task] = await system.tasks(name);
      expect(task?.status?.claims ?? {}).toEqual({});
    }
    writeFileSync(join(h1.folder, "d/log"), "line\n");
    const get = { get: { path: join(h1.folder, "d/log"), to: { output: {} } } };
    await system.createJob("look", { devices: ["h1"], transfer: { files: [get] } });
    expect(result(await system.finished("look"), "h1")?.commands?.[0]?.output).toBe("line\n");
    const [task] = await system.tasks("look");
    expect(task?.status?.claims ?? {}).toEqual({});
  });
});
