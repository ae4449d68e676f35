import { z } from "zod";
import { commandLineArguments } from "../arguments.ts";

/** What a session's arguments say to this platform; the others are for the command line. */
export interface IosSettings {
  readonly transport: "ssh" | "telnet";
  readonly timeout: number;
  readonly candidate_cfg: string;
  readonly merge_cfg: string;
  readonly rollback_cfg: string;
  /** Absent: to be found out. */
  readonly dest_file_system?: string;
  readonly inline_transfer: boolean;
  readonly auto_rollback_on_error: boolean;
  readonly force_no_enable: boolean;
}

export const iosArguments = commandLineArguments(import.meta.dirname, {
  transport: z.enum(["ssh", "telnet"]),
  // They stand in commands: one word each.
  file: z.string().regex(/^[\w.-]{1,64}$/, "is not a file name of letters, digits and . _ -"),
  file_system: z.string().regex(/^[\w-]{1,32}:$/, "is not a file system such as flash:"),
});

/** Checked arguments as settings. */
export function iosSettings(checked: Readonly<Record<string, unknown>>): IosSettings {
  const settings = checked as unknown as IosSettings;
  return { ...settings, inline_transfer: settings.inline_transfer || settings.transport === "telnet" };
}

const OWN: ReadonlySet<string> = new Set([
  "platform",
  "timeout",
  "transport",
  "candidate_cfg",
  "merge_cfg",
  "rollback_cfg",
  "dest_file_system",
  "inline_transfer",
  "auto_rollback_on_error",
  "auto_file_prompt",
  "canonical_int",
  "force_no_enable",
]);

/** The same arguments as the command line takes them. */
export function commandLineArgs(checked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { transport, timeout } = iosSettings(checked);
  return {
    ...Object.fromEntries(Object.entries(checked).filter(([name]) => !OWN.has(name))),
    device_type: transport === "telnet" ? "cisco_ios_telnet" : "cisco_ios",
    read_timeout: timeout,
  };
}
