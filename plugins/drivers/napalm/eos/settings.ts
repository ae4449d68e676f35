import { z } from "zod";
import type { EapiSettings } from "../../../../src/device/eapi/session.ts";
import { TRANSPORTS, type TransportName } from "../../../../src/device/eapi/transports.ts";
import { commandLineArguments } from "../arguments.ts";

/** What a session's arguments say, for the eAPI client and for getters. */
export interface EosSettings extends EapiSettings {
  /** Run privileged, unless a job says otherwise. */
  readonly sendEnable: boolean;
  /** Change the device although others have configuration sessions open. */
  readonly lockDisable: boolean;
}

/** How the device is reached: one of eAPI's transports, or its command line. */
type Transport = TransportName | "ssh";
const KNOWN = ["ssh", ...Object.keys(TRANSPORTS)] as [Transport, ...Transport[]];

export const eosArguments = commandLineArguments(import.meta.dirname, {
  transport: z.enum(KNOWN, {
    error: ({ input }) => `transport ${input} is not there; one of ${KNOWN.join(", ")} is`,
  }),
});

/** Whether checked arguments say that the device is reached by its command line. */
export function overSsh(checked: Readonly<Record<string, unknown>>): boolean {
  const { transport, eos_transport } = checked;
  return (transport ?? eos_transport) === "ssh";
}

/** Checked arguments as settings of an eAPI session. */
export function eosSettings(checked: Readonly<Record<string, unknown>>): EosSettings {
  const args = checked as unknown as Args;
  const transport = args.transport ?? args.eos_transport;
  return {
    ...Object.fromEntries(Object.entries(checked).filter(([name]) => EAPI_ONLY.has(name))),
    ...(transport !== undefined && transport !== "ssh" && { transport }),
    ...(args.eos_autoComplete !== undefined && { autoComplete: args.eos_autoComplete }),
    timeout: args.timeout,
    connections: args.connections,
    connect_timeout: args.connect_timeout,
    sendEnable: !args.force_no_enable,
    lockDisable: args.lock_disable ?? false,
    autorefresh: true,
    config_defaults: true,
    config_session: true,
  };
}

interface Args extends Pick<EosSettings, "timeout" | "connections" | "connect_timeout"> {
  readonly transport?: Transport;
  readonly eos_transport?: Transport;
  readonly force_no_enable: boolean;
  readonly eos_autoComplete?: boolean;
  readonly lock_disable?: boolean;
}

/** Optional settings that eAPI has under the same names. */
const EAPI_ONLY: ReadonlySet<string> = new Set(["path", "certificate_fingerprints", "server_name"]);

/** Arguments that the command line knows nothing of. */
const OWN: ReadonlySet<string> = new Set([
  ...EAPI_ONLY,
  "platform",
  "timeout",
  "transport",
  "eos_transport",
  "force_no_enable",
  "eos_autoComplete",
  "lock_disable",
  "force_cfg_session_invalid",
  "enforce_verification",
  "connections",
  "connect_timeout",
]);

/** Checked arguments as the command line takes them. NAPALM's `timeout` is the silence that it bears. */
export function commandLineArgs(checked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.entries(checked).filter(([name]) => !OWN.has(name))),
    device_type: "arista_eos",
    read_timeout: checked.timeout,
  };
}
