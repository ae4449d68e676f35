import type { SshArguments } from "../../../../src/device/ssh-login.ts";
import { sshPlatformArguments } from "../arguments.ts";

/** What a session's arguments say. */
export interface IosxrSettings {
  readonly ssh: SshArguments;
  /** Longest silence, in milliseconds. */
  readonly timeoutMs: number;
  /** The configuration is locked as long as the session lasts. */
  readonly lockFromStart: boolean;
  readonly sessionLog: boolean;
}

export const iosxrArguments = sshPlatformArguments(import.meta.dirname);

/** Checked arguments as settings. */
export function iosxrSettings(checked: Readonly<Record<string, unknown>>): IosxrSettings {
  const args = checked as unknown as Args;
  return {
    ssh: args,
    timeoutMs: args.timeout * 1000,
    lockFromStart: args.config_lock,
    sessionLog: args.session_log,
  };
}

interface Args extends SshArguments {
  readonly timeout: number;
  readonly config_lock: boolean;
  readonly session_log: boolean;
}
