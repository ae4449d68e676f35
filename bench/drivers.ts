import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { NetmikoDriver, type NetmikoSession } from "../plugins/drivers/netmiko/index.ts";
import { playedTypes, startPlayed } from "../src/cli/conformance/netmiko/device-types.ts";
import { connect } from "../src/cli/conformance/netmiko/driver-calls.ts";
import type { ConfigChange, DeviceTarget, OperationContext } from "../src/plugin/index.ts";
import { type DeviceTypes, loadDeviceTypes } from "../test/fake-device/index.ts";
import { atMost, type BenchRow, printRows, quantile } from "./report.ts";

interface Devices {
  readonly ports: readonly number[];
  readonly fingerprint: string;
  readonly process: ChildProcess;
}

const quiet = () => {};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  beforeWrite: quiet,
};

/**
 * The figures of the netmiko driver against devices that answer at once, in a process of their own. With NETPULSE_CORPUS (a folder as
 * for `npm run conformance`) also against a fake device of every type that is described there.
 */
export async function bench(): Promise<BenchRow[]> {
  const one = await startDevices(1);
  const hundred = await startDevices(100);
  try {
    return [
      ...(await single(one)),
      ...(await many(hundred)),
      ...(await memory(hundred)),
      ...(await everyPlatform()),
      ...(await python(one.ports[0] ?? 0)),
    ];
  } finally {
    one.process.stdin?.end();
    hundred.process.stdin?.end();
  }
}

async function single(devices: Devices): Promise<BenchRow[]> {
  const driver = newDriver();
  const [port = 0] = devices.ports;
  const connects = await times(20, async () => {
    const session = await driver.connect(target(devices, port), context);
    return () => driver.disconnect(session, context);
  });
  const session = await driver.connect(target(devices, port), context);
  const shows = await times(300, async () => {
    await driver.executeCommand(session, { command: "show version" }, context);
  });
  const sets = await times(3, async () => {
    await driver.configure(session, change(500), context);
  });
  const two = await times(20, async () => {
    await driver.configure(session, change(2), context);
  });
  await driver.disconnect(session, context);
  const detections = await times(5, async () => {
    const fresh = newDriver();
    const detected = await fresh.connect(target(devices, port, "autodetect"), context);
    return () => fresh.disconnect(detected, context);
  });
  return [
    atMost("connect until ready", quantile(connects, 0.5), "ms", 15),
    { name: "connect until ready, first in a process", value: connects[0] ?? 0, unit: "ms" },
    atMost("show on an open session", quantile(shows, 0.5), "ms", 1),
    atMost("500 configuration lines, a result each", quantile(sets, 0.5) / 1000, "s", 0.3),
    atMost("2 configuration lines", quantile(two, 0.5), "ms", 50),
    atMost("autodetect and connect", quantile(detections, 0.5) / 1000, "s", 0.3),
  ];
}

async function many(devices: Devices): Promise<BenchRow[]> {
  const taken = await times(5, async () => {
    const driver = newDriver();
    const sessions = await Promise.all(
      devices.ports.map(async (port) => {
        const session = await driver.connect(target(devices, port), context);
        await driver.executeCommand(session, { command: "show version" }, context);
        return session;
      }),
    );
    return () => Promise.all(sessions.map((session) => driver.disconnect(session, context)));
  });
  return [atMost("100 devices connect and show, one process", quantile(taken, 0.5) / 1000, "s", 0.45)];
}

async function memory(devices: Devices): Promise<BenchRow[]> {
  const driver = newDriver();
  const sessions: NetmikoSession[] = [];
  // One session first, so that what is loaded on demand is in the idle figure.
  const warm = await driver.connect(target(devices, devices.ports[0] ?? 0), context);
  await driver.disconnect(warm, context);
  const idle = await settledBytes();
  for (let round = 0; round < 5; round++) {
    sessions.push(
      ...(await Promise.all(devices.ports.map((port) => driver.connect(target(devices, port), context)))),
    );
  }
  for (const session of sessions) await driver.executeCommand(session, { command: "show version" }, context);
  const used = await settledBytes();
  await Promise.all(sessions.map((session) => driver.disconnect(session, context)));
  return [
    atMost(`memory per session at ${sessions.length}`, (used - idle) / sessions.length / 1024, "KiB", 100),
  ];
}

/** Which platform is the slowest at a small change; a platform's own figure is the median of its rounds. */
async function everyPlatform(): Promise<BenchRow[]> {
  const corpus = process.env.NETPULSE_CORPUS;
  if (corpus === undefined) {
    console.error("NETPULSE_CORPUS names no folder: the config set on all platforms is not measured.");
    return [];
  }
  const types = loadDeviceTypes(join(corpus, "netmiko"));
  const played = playedTypes(types);
  let worst = { type: "", taken: 0 };
  for (const type of played) {
    const taken = await twoLines(type, types);
    if (taken > worst.taken) worst = { type, taken };
  }
  const of = `${worst.type} of ${played.length}`;
  return [atMost(`a two-line config set, worst of all platforms (${of})`, worst.taken, "ms", 50)];
}

async function twoLines(type: string, types: DeviceTypes): Promise<number> {
  const { device, kwargs } = await startPlayed(type, types);
  await using _ = device;
  const { driver, session } = await connect(kwargs, device.port, context);
  try {
    const taken = await times(5, async () => {
      const { error } = await driver.configure(session, change(2), context);
      if (error) throw error;
    });
    return quantile(taken, 0.5);
  } finally {
    session.abort();
  }
}

async function settledBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

/** Netmiko and scrapli in the same run, where Python has them (`.cache/bench-python`). */
async function python(port: number): Promise<BenchRow[]> {
  const folder = join(import.meta.dirname, "..", ".cache", "bench-python");
  const interpreter = join(folder, "bin", "python");
  try {
    if (!existsSync(interpreter)) {
      await promisify(execFile)("python3", ["-m", "venv", folder], { timeout: 120_000 });
      await promisify(execFile)(interpreter, ["-m", "pip", "install", "-q", "netmiko", "scrapli"], {
        timeout: 300_000,
      });
    }
    const script = join(import.meta.dirname, "drivers.py");
    const { stdout } = await promisify(execFile)(interpreter, [script, String(port)], { timeout: 120_000 });
    const seconds = JSON.parse(stdout) as Record<string, number | string>;
    return Object.entries(seconds).flatMap(([name, value]) =>
      typeof value === "number" ? [{ name, value: value * 1000, unit: "ms" }] : [],
    );
  } catch {
    return [];
  }
}

function startDevices(count: number): Promise<Devices> {
  const script = join(import.meta.dirname, "simulated-devices.ts");
  const child = spawn(process.execPath, [script, "cisco_ios", String(count)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the simulated devices ended with ${code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      resolve({ ...(JSON.parse(line) as Omit<Devices, "process">), process: child });
    });
  });
}

function newDriver(): NetmikoDriver {
  const config = { logins: { perHost: 64, perWorker: 1000 } };
  return new NetmikoDriver({ config, log: context.log, random: Math.random });
}

function target(devices: Devices, port: number, type = "cisco_ios"): DeviceTarget {
  return {
    name: `device-${port}`,
    host: "127.0.0.1",
    port,
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Strict", fingerprints: [devices.fingerprint] },
    args: { device_type: type },
  };
}

function change(count: number): ConfigChange {
  const lines = Array.from(
    { length: count },
    (_, i) => `ip route 10.${i >> 8}.${i & 255}.0 255.255.255.0 10.0.0.9`,
  );
  return { lines, mode: "Merge", dryRun: false, save: false, onError: "Stop", verify: [], enableMode: true };
}

/** Milliseconds of each run; what a run returns is called afterwards, outside of the measured time. */
async function times(
  count: number,
  run: () => Promise<(() => Promise<unknown>) | undefined> | Promise<void>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const after = await run();
    taken.push(performance.now() - began);
    if (after) await after();
  }
  return taken;
}

if (import.meta.main) printRows(await bench(), false);
