import { join } from "node:path";
import { type ZodType, z } from "zod";
import {
  type ArgumentTable,
  argumentTableOf,
  readArgumentTable,
} from "../../../src/device/argument-table.ts";
import { sshArgumentTypes } from "../../../src/device/ssh-login.ts";
import { argumentTypes, connectionArguments } from "../netmiko/command-line.ts";

/** Kinds of values that platforms' arguments share. */
const types = {
  any: z.unknown(),
  text: z.string(),
  texts: z.array(z.string()),
  boolean: z.boolean(),
  count: z.number().int().min(1).max(16),
  seconds: z.number().positive().max(86_400),
} satisfies Record<string, ZodType>;

/**
 * The arguments of a platform: those of NAPALM's constructor, which all have, and the `optional_args` of `arguments.yaml` in the
 * platform's folder. `more` are the schemas of types that only this platform has.
 *
 * @example
 * export const iosArguments = platformArguments(import.meta.dirname, { transport: z.enum(["ssh", "telnet"]) });
 */
export function platformArguments(
  folder: string,
  more: Readonly<Record<string, ZodType>> = {},
): ArgumentTable {
  const files = [join(import.meta.dirname, "arguments.yaml"), join(folder, "arguments.yaml")];
  return readArgumentTable(files, { ...types, ...more }, ["connection", "platform", "own"]);
}

/** The same for a platform that is reached over SSH: with the arguments of the login (`SshArguments`). */
export function sshPlatformArguments(
  folder: string,
  more: Readonly<Record<string, ZodType>> = {},
): ArgumentTable {
  const files = ["arguments.yaml", "ssh-arguments.yaml"].map((file) => join(import.meta.dirname, file));
  const answers = z.record(z.string().min(1), z.string());
  return readArgumentTable(
    [...files, join(folder, "arguments.yaml")],
    { ...types, ...sshArgumentTypes, answers, ...more },
    ["connection", "platform", "own"],
  );
}

/** The arguments of a platform that is reached by its command line. */
export interface CommandLineArguments extends ArgumentTable {
  /** Names of those that are the platform's own: the command line knows nothing of them. */
  readonly ownNames: ReadonlySet<string>;
  /** Checked arguments as the command line takes them. NAPALM's `timeout` is the silence that it bears. */
  handedOn(checked: Readonly<Record<string, unknown>>, deviceType: string): Record<string, unknown>;
}

/** The same for a platform that is reached by its command line: with the arguments of Netmiko's connections, which NAPALM hands on. */
export function commandLineArguments(
  folder: string,
  more: Readonly<Record<string, ZodType>> = {},
): CommandLineArguments {
  const { rows } = platformArguments(folder, more);
  const ownNames = new Set(rows.map(({ name }) => name));
  const further = connectionArguments
    .filter(({ name }) => !ownNames.has(name))
    .map((row) => ({ ...row, part: "platform" as const }));
  const schemas: Readonly<Record<string, ZodType>> = { ...types, ...argumentTypes, ...more };
  return {
    ...argumentTableOf([...rows, ...further], schemas),
    ownNames,
    handedOn: (checked, deviceType) => ({
      ...Object.fromEntries(Object.entries(checked).filter(([name]) => !ownNames.has(name))),
      device_type: deviceType,
      read_timeout: checked.timeout,
    }),
  };
}
