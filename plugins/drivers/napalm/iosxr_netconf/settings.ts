import { z } from "zod";
import type { SshArguments } from "../../../../src/device/ssh-login.ts";
import { sshPlatformArguments } from "../arguments.ts";

/** What a session's arguments say. */
export interface IosxrNetconfSettings {
  readonly ssh: SshArguments;
  /** Longest wait for a reply, in milliseconds. */
  readonly timeoutMs: number;
  /** The candidate is locked as long as the session lasts. */
  readonly lockFromStart: boolean;
  /** Configuration as lines of the command line or as XML of the router's models. */
  readonly configEncoding: "cli" | "xml";
}

export const iosxrNetconfArguments = sshPlatformArguments(import.meta.dirname, {
  encoding: z.enum(["cli", "xml"]),
});

/** Checked arguments as settings. */
export function iosxrNetconfSettings(checked: Readonly<Record<string, unknown>>): IosxrNetconfSettings {
  const args = checked as unknown as Args;
  return {
    ssh: args,
    timeoutMs: args.timeout * 1000,
    lockFromStart: args.config_lock,
    configEncoding: args.config_encoding,
  };
}

interface Args extends SshArguments {
  readonly timeout: number;
  readonly config_lock: boolean;
  readonly config_encoding: "cli" | "xml";
}
