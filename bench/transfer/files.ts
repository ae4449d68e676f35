import { execFile } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { posixFileCommands, transferFiles } from "../../src/device/transfer/index.ts";
import { noSshd, startSshd, type TestSshd } from "../../src/device/transfer/testing/sshd.ts";
import type { OperationContext, Transfer } from "../../src/plugin/index.ts";
import { openFile } from "../../src/worker/transfer/file-content.ts";
import { WorkerFileSink } from "../../src/worker/transfer/file-sink.ts";
import { PARAMIKO, pythonPackages, runPython } from "../python-original.ts";
import { atLeast, type BenchRow, quantile } from "../report.ts";

const run = promisify(execFile);
const SFTP = "/usr/bin/sftp";
const BYTES = 100_000_000;
const ROUNDS = 3;

const quiet = () => {};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  beforeWrite: quiet,
};

type Direction = Transfer["direction"];
/** Seconds of each round, the login among them. */
type Taken = Record<Direction, number[]>;

interface ParamikoFigures extends Readonly<Record<Direction, number>> {
  readonly version: string;
}

/** 100 MB to and from OpenSSH on loopback: ours, OpenSSH's own sftp and Paramiko, each with a login and its own choice of cipher. */
export async function benchFiles(): Promise<BenchRow[]> {
  if (noSshd !== undefined || !existsSync(SFTP)) {
    console.error(`Files are not measured: ${noSshd ?? "sftp is not installed"}.`);
    return [];
  }
  const server = await startSshd();
  try {
    const source = join(server.folder, "source");
    writeFileSync(source, randomFillSync(Buffer.allocUnsafe(BYTES)));
    const ours = { put: [], get: [] } as Taken;
    const checked = { put: [], get: [] } as Taken;
    const sftp = { put: [], get: [] } as Taken;
    const theirs: ParamikoFigures[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const direction of ["put", "get"] as const) {
        ours[direction].push(await carry(server, direction, source, "Off"));
        sftp[direction].push(await throughSftp(server, direction, source));
        checked[direction].push(await carry(server, direction, source, "Auto"));
      }
      theirs.push(throughParamiko(server, source));
    }
    return (["put", "get"] as const).flatMap((direction) => {
      const [own, openssh] = [median(ours[direction]), median(sftp[direction])];
      const python = median(theirs.map((each) => each[direction]));
      const rate = (seconds: number) => BYTES / 1e6 / seconds;
      return [
        { name: `100 MB ${direction}, login included`, value: rate(own), unit: "MB/s" },
        {
          name: `100 MB ${direction}, with SHA-256 of both ends`,
          value: rate(median(checked[direction])),
          unit: "MB/s",
        },
        { name: `100 MB ${direction}, sftp -b`, value: rate(openssh), unit: "MB/s" },
        atLeast(`100 MB ${direction}, ours to sftp -b`, openssh / own, "x", 0.7),
        { name: `100 MB ${direction}, Paramiko ${theirs[0]?.version}`, value: rate(python), unit: "MB/s" },
        atLeast(`100 MB ${direction}, ours to Paramiko`, python / own, "x", 3),
      ];
    });
  } finally {
    await server.stop();
  }
}

async function carry(
  server: TestSshd,
  direction: Direction,
  path: string,
  checksum: Transfer["checksum"],
): Promise<number> {
  const began = performance.now();
  const connection = await server.connect();
  const common = { protocol: "Auto", overwrite: "Always", checksum } as const;
  const content = await openFile(path);
  const local = join(server.folder, "fetched");
  const transfer: Transfer =
    direction === "put"
      ? { ...common, direction, path: join(server.folder, "target"), entries: [{ path: "", content }] }
      : {
          ...common,
          direction,
          path,
          recursive: false,
          into: {
            file: () => Promise.resolve(new WorkerFileSink(local, { mode: 0o600 })),
            folder: () => Promise.resolve(),
          },
        };
  const peer = { device: "h1", connection, again: () => server.connect(), commands: posixFileCommands };
  await transferFiles(peer, transfer, context);
  await content.close();
  connection.close();
  return (performance.now() - began) / 1000;
}

async function throughSftp(
  { port, username, folder }: TestSshd,
  direction: Direction,
  path: string,
): Promise<number> {
  const batch = join(folder, "batch");
  writeFileSync(batch, `${direction} ${path} ${join(folder, "target")}\n`);
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  const began = performance.now();
  await run(SFTP, [
    ...["-q", "-b", batch, "-P", String(port), "-i", join(folder, "user")],
    ...options.flatMap((option) => ["-o", option]),
    `${username}@127.0.0.1`,
  ]);
  return (performance.now() - began) / 1000;
}

function throughParamiko({ port, username, folder }: TestSshd, source: string): ParamikoFigures {
  const packages = pythonPackages([PARAMIKO], { withDependencies: true });
  const [key, target] = [join(folder, "user"), join(folder, "target")];
  return runPython(packages, "transfer/paramiko_files.py", {
    port,
    username,
    key,
    source,
    target,
    rounds: 1,
  });
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
