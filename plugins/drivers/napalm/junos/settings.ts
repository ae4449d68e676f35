import { z } from "zod";
import type { SshArguments } from "../../../../src/device/ssh-login.ts";
import { re } from "../../../../src/python/index.ts";
import { sshPlatformArguments } from "../arguments.ts";
import { CONFIGURATION_OPTIONS } from "./request.ts";

/** What a session's arguments say. */
export interface JunosSettings {
  readonly ssh: SshArguments;
  /** Longest wait for a reply, in milliseconds. */
  readonly timeoutMs: number;
  /** Attributes of requests for the configuration. */
  readonly configurationOptions: Readonly<Record<string, string>>;
  readonly verbs: JunosVerbSettings;
}

/** What the arguments say about changes. */
export interface JunosVerbSettings {
  /** Whether the configuration is locked: not at all, for a change, or from the first change to the session's end. */
  readonly lock: "none" | "change" | "session";
  /** Change a private copy. */
  readonly isPrivate: boolean;
  /** Whether a warning of that text may be passed over. */
  readonly ignoresWarning: (warning: string) => boolean;
}

export const junosArguments = sshPlatformArguments(import.meta.dirname, {
  warnings: z.union(
    [z.boolean(), z.string().refine(isExpression), z.array(z.string().refine(isExpression))],
    {
      error: "is neither true nor false nor one or several regular expressions",
    },
  ),
  attributes: z.record(z.string().regex(/^[a-z][a-z-]*$/), z.string()),
});

/** Checked arguments as settings. */
export function junosSettings(checked: Readonly<Record<string, unknown>>): JunosSettings {
  const args = checked as unknown as Args;
  const lock = args.lock_disable ? "none" : args.config_lock ? "session" : "change";
  return {
    ssh: args,
    timeoutMs: args.timeout * 1000,
    configurationOptions: args.junos_config_options ?? {
      ...CONFIGURATION_OPTIONS,
      database: args.junos_config_database,
      inherit: args.junos_config_inherit,
      groups: args.junos_config_groups,
    },
    verbs: {
      lock: args.config_private && lock === "change" ? "none" : lock,
      isPrivate: args.config_private,
      ignoresWarning: warningFilter(args.ignore_warning),
    },
  };
}

interface Args extends SshArguments {
  readonly timeout: number;
  readonly lock_disable: boolean;
  readonly config_lock: boolean;
  readonly config_private: boolean;
  readonly ignore_warning: boolean | string | readonly string[];
  readonly junos_config_database: string;
  readonly junos_config_inherit: string;
  readonly junos_config_groups: string;
  readonly junos_config_options?: Readonly<Record<string, string>>;
}

/** Expressions are Python's, found anywhere in a warning, whatever the case. */
function warningFilter(ignored: Args["ignore_warning"]): (warning: string) => boolean {
  if (typeof ignored === "boolean") return () => ignored;
  const patterns = [ignored].flat().map((pattern) => re.compile(pattern, re.IGNORECASE));
  return (warning) => patterns.some((pattern) => pattern.search(warning) !== null);
}

function isExpression(text: string): boolean {
  try {
    re.compile(text, re.IGNORECASE);
    return true;
  } catch {
    return false;
  }
}
