/**
 * A device's command line for drivers that stand on this one: `napalm` where a platform is reached by its command line. This file is all
 * that they may import of this folder.
 *
 * @module
 */
import type { LoginGate } from "../../../src/device/login-gate.ts";
import { newSshLogins } from "../../../src/device/ssh-login.ts";
import type { DeviceTarget, OperationContext } from "../../../src/plugin/index.ts";
import { argumentTable } from "./args.ts";
import { type Connector, connect, newConnector } from "./connect.ts";
import { BUILT_IN, PlatformLibrary } from "./platforms.ts";
import { onlyReads } from "./read-only.ts";
import type { NetmikoSession } from "./session.ts";

export { argumentTypes } from "./args.ts";
export { enable, runCommand, sendCommand } from "./commands.ts";
export { failedLine, isOnlyFailure } from "./failures.ts";
export { carryFiles } from "./files.ts";
export { configurationMode } from "./platform.ts";
export { resynchronise } from "./resync.ts";
export { save } from "./save.ts";
export { sendLines } from "./send-lines.ts";
export { answers, inStep, type NetmikoSession, sayGoodbye } from "./session.ts";

/** The arguments that say how a command line is reached, for the tables of other drivers. */
export const connectionArguments = argumentTable.filter(
  ({ part }) => part === "connection" || part === "own",
);

let library: PlatformLibrary | undefined;
const connectors = new WeakMap<LoginGate, Connector>();

/** Logs in and comes to the first prompt, within the limits of a gate. `target.args` are Netmiko's, `device_type` among them. */
export function connectCommandLine(
  gate: LoginGate,
  target: DeviceTarget,
  context: OperationContext,
): Promise<NetmikoSession> {
  const connector = connectors.get(gate) ?? newConnector(platforms(), newSshLogins(gate));
  connectors.set(gate, connector);
  return connect(connector, target, context);
}

/** Whether a command certainly only reads on a device type. */
export function onlyReadsOn(deviceType: string, command: string): boolean {
  return onlyReads(command, platforms().resolve(deviceType)?.platform);
}

function platforms(): PlatformLibrary {
  library ??= new PlatformLibrary([BUILT_IN]);
  return library;
}
