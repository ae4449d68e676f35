import { z } from "zod";
import type { NxapiSettings } from "../../../../src/device/nxapi/session.ts";
import { platformArguments } from "../arguments.ts";

export const nxosArguments = platformArguments(import.meta.dirname, {
  transport: z.enum(["https", "http"], {
    error: ({ input }) => `transport ${input} is not there; https and http are, and platform nxos_ssh`,
  }),
  filesystem: z.string().regex(/^[\w-]+:[\w/.-]*$/, "is no file system such as bootflash:"),
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
