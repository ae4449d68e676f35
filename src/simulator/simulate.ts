import { generateKeyPairSync } from "node:crypto";
import { Device, type DeviceOptions, type ReceivedLine } from "./device.ts";
import { Listener, type ListenerOptions } from "./listener.ts";

export interface SimulationOptions extends Partial<DeviceOptions>, Partial<ListenerOptions> {
  /** `cisco_ios`, `arista_eos`, `cisco_nxos` or `linux`. */
  readonly platform: string;
}

/** A running simulated device. */
export interface SimulatedDevice {
  readonly platform: string;
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  readonly username: string;
  readonly password: string;
  /** Every line that was received, secrets as `<secret>`, blank ones left out, in order. */
  received(): string[];
  /** The same with mode, session and time (milliseconds since the epoch). */
  log(): readonly ReceivedLine[];
  /** Forgets what was received. */
  forget(): void;
  /** Sessions open now, most at once, and logins so far; failed logins. */
  readonly sessions: number;
  readonly mostSessions: number;
  readonly logins: number;
  readonly failedLogins: number;
  runningConfig(): string;
  startupConfig(): string;
  /** Files on the flash of a kind of device that has one. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Lets the timer of a commit that waits to be confirmed run out. */
  expireRevert(): void;
  /** Behaviour that may change while it runs: latency, rejects, faults. */
  readonly behaviour: DeviceOptions;
  /** Cuts every open session as a crash would. */
  dropSessions(): void;
  close(): Promise<void>;
}

/**
 * Starts a simulated device: an SSH server on loopback with modes, enable, configuration that can be read back, and faults on demand.
 * Everything it says comes from `devices/<platform>.yaml`.
 *
 * @example
 * const device = await simulate({ platform: "cisco_ios", rejects: ["ip adress 10.0.0.1"] });
 * // … connect to device.host, device.port as device.username with device.password …
 * expect(device.received()).toEqual(["terminal width 511", "terminal length 0", "show version"]);
 * await device.close();
 */
export async function simulate(options: SimulationOptions): Promise<SimulatedDevice> {
  const device = new Device(options.platform, options);
  const key = options.hostKey ?? processKey();
  const listener = new Listener(device, { ...options, hostKey: key });
  await listener.listen(options.host ?? "127.0.0.1", options.port ?? 0);
  return {
    platform: options.platform,
    host: options.host ?? "127.0.0.1",
    port: listener.port,
    fingerprint: listener.fingerprint,
    username: listener.username,
    password: listener.password,
    received: () => device.lines.filter((l) => l.line !== "").map((l) => l.line),
    log: () => device.lines,
    forget: () => {
      device.lines.length = 0;
    },
    get sessions() {
      return listener.open;
    },
    get mostSessions() {
      return listener.most;
    },
    get logins() {
      return listener.logins;
    },
    get failedLogins() {
      return listener.failedLogins;
    },
    runningConfig: () => device.runningText(),
    startupConfig: () => device.startup,
    files: device.flash?.files ?? new Map(),
    expireRevert: () => device.flash?.expire(),
    behaviour: device.options,
    dropSessions: () => listener.drop(),
    close: () => listener.close(),
  };
}

let shared: string | undefined;

/** One key for all simulated devices of a process: making one takes longer than a login. */
function processKey(): string {
  shared ??= newHostKey();
  return shared;
}

/** A new private host key, for devices that must differ. */
export function newHostKey(): string {
  // Not ssh2's own generator: about one in 300 of its ed25519 keys is malformed.
  return generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "sec1", format: "pem" })
    .toString();
}
