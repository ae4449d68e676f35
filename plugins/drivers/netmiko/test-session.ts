import type { ConfigChange, DeviceTarget, Logger, OperationContext } from "../../../src/plugin/index.ts";
import type { SimulatedDevice } from "../../../src/simulator/index.ts";
import { NetmikoDriver } from "./index.ts";

/** What tests of the driver share: a driver, targets for simulated devices, contexts. */

const quiet = () => {};
const quietLog: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function newDriver(config: unknown = {}): NetmikoDriver {
  return new NetmikoDriver({ config, log: quietLog, random: () => 0.5 });
}

export function context(more: Partial<OperationContext> = {}): OperationContext {
  return { signal: new AbortController().signal, log: quietLog, beforeWrite: quiet, ...more };
}

export function targetOf(
  device: SimulatedDevice,
  args: Record<string, unknown> = {},
  secret?: string,
): DeviceTarget {
  const { username, password, host, port } = device;
  return {
    name: "r1",
    host,
    port,
    credential: { username, password, ...(secret !== undefined && { secret }), data: { username, password } },
    hostKeys: { policy: "Strict", fingerprints: [device.fingerprint] },
    args: { device_type: device.platform, ...args },
  };
}

export function merge(lines: readonly string[], more: Partial<ConfigChange> = {}): ConfigChange {
  return {
    lines,
    mode: "Merge",
    dryRun: false,
    save: false,
    onError: "Stop",
    verify: [],
    enableMode: true,
    ...more,
  };
}
