import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { EapiSettings } from "../../../../src/device/eapi/session.ts";
import { TRANSPORTS, type TransportName } from "../../../../src/device/eapi/transports.ts";
import { type CommandLineArguments, commandLineArguments } from "../arguments.ts";

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

const types = {
  transport: z.enum(KNOWN, {
    error: ({ input }) => `transport ${input} is not there; one of ${KNOWN.join(", ")} is`,
  }),
};
const table = commandLineArguments(import.meta.dirname, types);

/** The arguments of both ways to the device; one that is of no effect on the way that is taken is refused by name. */
export const eosArguments: CommandLineArguments = {
  ...table,
  schema: table.schema.superRefine((args, { addIssue }) => {
    const [others, remedy] = overSsh(args)
      ? [EAPI_ONLY, "leave it out over SSH"]
      : [SSH_ONLY, "it belongs to transport ssh"];
    for (const { name, default: usual } of table.rows) {
      const isGiven = args[name] !== undefined && !isDeepStrictEqual(args[name], usual);
      if (isGiven && others.has(name))
        addIssue({ code: "custom", path: [name], message: `${name} is of no effect: ${remedy}` });
    }
  }),
};

/** What eAPI alone has, under the same names. */
const EAPI_ONLY: ReadonlySet<string> = new Set([
  "path",
  "certificate_fingerprints",
  "server_name",
  "connections",
  "connect_timeout",
]);

/** What the command line alone has, and makes use of. */
const SSH_ONLY: ReadonlySet<string> = new Set(
  table.rows.filter(({ name, use }) => use === "used" && !table.ownNames.has(name)).map(({ name }) => name),
);

/** Whether arguments say that the device is reached by its command line. */
export function overSsh(checked: Readonly<Record<string, unknown>>): boolean {
  const { transport, eos_transport } = checked;
  return (transport ?? eos_transport) === "ssh";
}

/** Checked arguments as settings of an eAPI session. */
export function eosSettings(checked: Readonly<Record<string, unknown>>): EosSettings {
  const args = checked as unknown as Args;
  const transport = args.transport ?? args.eos_transport;
  const ownNames = Object.entries(checked).filter(([name]) => EAPI_ONLY.has(name));
  return {
    ...(Object.fromEntries(ownNames) as unknown as Pick<EosSettings, "connections" | "connect_timeout">),
    ...(transport !== undefined && transport !== "ssh" && { transport }),
    ...(args.eos_autoComplete !== undefined && { autoComplete: args.eos_autoComplete }),
    timeout: args.timeout,
    sendEnable: !args.force_no_enable,
    lockDisable: args.lock_disable ?? false,
    autorefresh: true,
    config_defaults: true,
    config_session: true,
  };
}

interface Args extends Pick<EosSettings, "timeout"> {
  readonly transport?: Transport;
  readonly eos_transport?: Transport;
  readonly force_no_enable: boolean;
  readonly eos_autoComplete?: boolean;
  readonly lock_disable?: boolean;
}
