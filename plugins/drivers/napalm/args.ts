import { join } from "node:path";
import { type ZodType, z } from "zod";
import { readArgumentTable } from "../../../src/device/argument-table.ts";
import type { EapiSettings } from "../../../src/device/eapi/session.ts";
import { TRANSPORTS, type TransportName } from "../../../src/device/eapi/transports.ts";

/** What a session's arguments say, for the eAPI client and for getters. */
export interface Settings extends EapiSettings {
  /** Run privileged, unless a job says otherwise. */
  readonly sendEnable: boolean;
}

const PLATFORMS = ["eos", "ios", "iosxr", "iosxr_netconf", "junos", "nxos", "nxos_ssh"];

const platform = z.string().refine((name) => name === "eos", {
  error: ({ input }) =>
    PLATFORMS.includes(String(input))
      ? `platform ${input} is not there yet; eos is`
      : `${input} is no platform of NAPALM; eos is there`,
});

const transport = z.enum(Object.keys(TRANSPORTS) as [TransportName, ...TransportName[]], {
  error: ({ input }) => `transport ${input} is not there; one of ${Object.keys(TRANSPORTS).join(", ")} is`,
});

const types = {
  any: z.unknown(),
  text: z.string(),
  texts: z.array(z.string()),
  boolean: z.boolean(),
  count: z.number().int().min(1).max(16),
  seconds: z.number().positive().max(86_400),
  platform,
  transport,
} satisfies Record<string, ZodType>;

const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), types, [
  "connection",
  "eos",
  "own",
]);

/** Checks `driver.args`: NAPALM's arguments, those of `optional_args` beside the others or within a map of that name. */
export const argsSchema: ZodType<Record<string, unknown>> = z.preprocess(
  withOptionalArgs,
  table.schema.refine(({ platform, device_type }) => (platform ?? device_type) !== undefined, {
    error: "platform is missing: set driver.args.platform to eos",
  }),
);

/** Every argument that is known by name. */
export const argumentNames: readonly string[] = table.rows.map(({ name }) => name);

export const ignoredArguments = table.ignored;

/** NAPALM's arguments as settings of an eAPI session. Throws a `ZodError`. */
export function settingsOf(given: unknown): Settings {
  const { transport, eos_transport, force_no_enable, eos_autoComplete, ...args } = argsSchema.parse(
    given,
  ) as unknown as Args;
  const reachedOver = transport ?? eos_transport;
  return {
    ...args,
    ...(reachedOver !== undefined && { transport: reachedOver }),
    ...(eos_autoComplete !== undefined && { autoComplete: eos_autoComplete }),
    sendEnable: !force_no_enable,
    autorefresh: true,
    config_defaults: true,
    config_session: true,
  };
}

interface Args
  extends Pick<
    Settings,
    "timeout" | "path" | "certificate_fingerprints" | "server_name" | "connections" | "connect_timeout"
  > {
  readonly transport?: TransportName;
  readonly eos_transport?: TransportName;
  readonly force_no_enable: boolean;
  readonly eos_autoComplete?: boolean;
}

function withOptionalArgs(args: unknown): unknown {
  const nested = z.looseObject({ optional_args: z.record(z.string(), z.unknown()) }).safeParse(args);
  if (!nested.success) return args;
  const { optional_args, ...rest } = nested.data;
  return { ...optional_args, ...rest };
}
