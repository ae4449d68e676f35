import { z } from "zod";
import type { EapiSettings } from "../../../../src/device/eapi/session.ts";
import { TRANSPORTS, type TransportName } from "../../../../src/device/eapi/transports.ts";
import { platformArguments } from "../arguments.ts";

/** What a session's arguments say, for the eAPI client and for getters. */
export interface EosSettings extends EapiSettings {
  /** Run privileged, unless a job says otherwise. */
  readonly sendEnable: boolean;
  /** Change the device although others have configuration sessions open. */
  readonly lockDisable: boolean;
}

export const eosArguments = platformArguments(import.meta.dirname, {
  transport: z.enum(Object.keys(TRANSPORTS) as [TransportName, ...TransportName[]], {
    error: ({ input }) => `transport ${input} is not there; one of ${Object.keys(TRANSPORTS).join(", ")} is`,
  }),
});

/** Checked arguments as settings of an eAPI session. */
export function eosSettings(checked: Readonly<Record<string, unknown>>): EosSettings {
  const { transport, eos_transport, force_no_enable, eos_autoComplete, lock_disable, ...args } =
    checked as unknown as Args;
  const reachedOver = transport ?? eos_transport;
  return {
    ...args,
    ...(reachedOver !== undefined && { transport: reachedOver }),
    ...(eos_autoComplete !== undefined && { autoComplete: eos_autoComplete }),
    sendEnable: !force_no_enable,
    lockDisable: lock_disable ?? false,
    autorefresh: true,
    config_defaults: true,
    config_session: true,
  };
}

interface Args
  extends Pick<
    EosSettings,
    "timeout" | "path" | "certificate_fingerprints" | "server_name" | "connections" | "connect_timeout"
  > {
  readonly transport?: TransportName;
  readonly eos_transport?: TransportName;
  readonly force_no_enable: boolean;
  readonly eos_autoComplete?: boolean;
  readonly lock_disable?: boolean;
}
