import { CertificateAuthority } from "../../../src/certificates/authority.ts";
import type {
  ConfigChange,
  DeviceTarget,
  HostKeys,
  Logger,
  OperationContext,
} from "../../../src/plugin/index.ts";
import { type EapiOptions, type SimulatedEapi, simulateEapi } from "../../../src/simulator/eapi/server.ts";
import { PyeapiDriver } from "./index.ts";

/** What tests of the driver share: an authority, devices with its certificates, a driver, targets and contexts. */

const quiet = () => {};
const quietLog: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The authority of the simulated devices. */
export const authority = CertificateAuthority.create("lab authority");

const tls = authority.issue({ commonName: "leaf1", hosts: ["127.0.0.1"] });

/** A device with a certificate of the authority, unless `tls` says otherwise. */
export function device(options: EapiOptions = {}): Promise<SimulatedEapi> {
  return simulateEapi({ tls, ...options });
}

export function newDriver(): PyeapiDriver {
  return new PyeapiDriver({ config: {}, log: quietLog, random: () => 0.5 });
}

export function context(more: Partial<OperationContext> = {}): OperationContext {
  return { signal: new AbortController().signal, log: quietLog, beforeWrite: quiet, ...more };
}

export function targetOf(
  { host, port }: Pick<SimulatedEapi, "host" | "port">,
  args: Record<string, unknown> = {},
  more: {
    readonly data?: Record<string, string>;
    readonly hostKeys?: HostKeys;
    readonly password?: string;
  } = {},
): DeviceTarget {
  const { data = { "ca.crt": authority.certificate }, password = "admin" } = more;
  return {
    name: "leaf1",
    host,
    port,
    credential: {
      username: "admin",
      password,
      ...(data.secret !== undefined && { secret: data.secret }),
      data,
    },
    hostKeys: more.hostKeys ?? { policy: "Strict", fingerprints: [] },
    args,
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
