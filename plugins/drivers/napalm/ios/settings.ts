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

/** Netmiko's device type for a session with such arguments. */
export function deviceType(checked: Readonly<Record<string, unknown>>): string {
  return checked.transport === "telnet" ? "cisco_ios_telnet" : "cisco_ios";
}
