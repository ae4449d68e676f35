import { createHash } from "node:crypto";
import type { DeviceTarget } from "../../plugin/index.ts";

/**
 * What two operations must agree in to share a session: where it leads and through which jump hosts or console server, by which driver, as whom, and with which connection
 * arguments. The credential counts by its version, so a rotated Secret leads to a new login.
 */
export function sessionKey(target: DeviceTarget, driver: string, credentialVersion: string): string {
  const { args, jumpHosts = [], consoleServer } = target;
  const way = [...jumpHosts, ...(consoleServer ? [consoleServer] : [])].map(endpoint);
  const identity = [endpoint(target), way, driver, credentialVersion, sorted(args)];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function endpoint({ host, port, hostKeys }: Pick<DeviceTarget, "host" | "port" | "hostKeys">): unknown {
  return [host.toLowerCase(), port ?? 0, hostKeys];
}

function sorted(args: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
