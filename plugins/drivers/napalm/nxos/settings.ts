import { z } from "zod";
import type { NxapiSettings } from "../../../../src/device/nxapi/session.ts";
import { platformArguments } from "../arguments.ts";

/** Stands in commands: one word. */
export const fileSystem = z
  .string()
  .regex(/^[\w-]{1,32}:[\w/.-]{0,64}$/, "is no file system such as bootflash:");

export const nxosArguments = platformArguments(import.meta.dirname, {
  transport: z.enum(["https", "http"], {
    error: ({ input }) => `transport ${input} is not there; https and http are, and platform nxos_ssh`,
  }),
  filesystem: fileSystem,
  port: z.number().int().min(1).max(65_535),
});

/** Checked arguments as settings of an NX-API session. */
export function nxosSettings(checked: Readonly<Record<string, unknown>>): NxapiSettings {
  const { transport, nxos_protocol, ...args } = checked as unknown as Args;
  return { ...args, transport: transport ?? nxos_protocol ?? "https" };
}

interface Args extends Omit<NxapiSettings, "transport"> {
  readonly transport?: NxapiSettings["transport"];
  readonly nxos_protocol?: NxapiSettings["transport"];
}
