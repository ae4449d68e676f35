import { z } from "zod";
import {
  deviceErrors,
  type LineResult,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";
import { type CommandArgs, enable, sendCommand } from "./commands.ts";
import { lineRules } from "./line-change.ts";
import { configurationMode, roleMode, type Steps } from "./platform.ts";
import { save } from "./save.ts";
import { sendLines } from "./send-lines.ts";
import type { NetmikoSession } from "./session.ts";

type Method = (
  session: NetmikoSession,
  args: Readonly<Record<string, unknown>>,
  context: OperationContext,
) => Promise<unknown>;

interface MethodRow {
  readonly parameters: readonly string[];
  readonly readsOnly: boolean;
  readonly run: Method;
}

const texts = z.union([z.string(), z.array(z.string())]);
const option = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);

/**
 * Netmiko's methods for jobs that call them one by one (`call: {method, args}`), under its names and with its argument names. A job's own
 * `commands` and `config` need none of them.
 */
export const methods: Readonly<Record<string, MethodRow>> = {
  find_prompt: row(["delay_factor"], true, async ({ cli }, _args, { signal }) => {
    await cli.input({ send: "", signal });
    return cli.lastPrompt;
  }),
  is_alive: row([], true, async ({ cli }) => !cli.channel.isClosed),
  check_enable_mode: row(["check_string"], true, async ({ cli }) => {
    const mode = roleMode(cli.platform, "privileged");
    return mode === undefined || cli.mode === mode || cli.mode === roleMode(cli.platform, "config");
  }),
  check_config_mode: row(["check_string", "pattern"], true, async ({ cli }) => inConfig({ cli })),
  enable: row(["cmd", "pattern"], false, ({ cli }, _args, { signal }) =>
    recorded(cli, () => enable(cli, signal)),
  ),
  exit_enable_mode: row(["exit_command"], false, ({ cli }, _args, { signal }) =>
    recorded(cli, async () => {
      const mode = roleMode(cli.platform, "exec");
      if (mode !== undefined && cli.mode === roleMode(cli.platform, "privileged"))
        await cli.enter(mode, signal);
    }),
  ),
  config_mode: row(["config_command", "pattern"], false, (session, args, { signal }) =>
    recorded(session.cli, () =>
      enterConfig(session, signal, defined(configModeArgs.parse(args)).config_command),
    ),
  ),
  exit_config_mode: row(["exit_config", "pattern"], false, ({ cli }, _args, { signal }) =>
    recorded(cli, () => cli.leaveConfig(signal)),
  ),
  send_command: row(
    [
      "command_string",
      "expect_string",
      "read_timeout",
      "delay_factor",
      "max_loops",
      "auto_find_prompt",
      "strip_prompt",
      "strip_command",
      "normalize",
      "use_textfsm",
      "textfsm_template",
      "use_ttp",
      "ttp_template",
      "cmd_verify",
      "raise_parsing_error",
    ],
    false,
    (session, args, { signal }) => {
      const { command_string, ...given } = defined(commandArgs.parse(args));
      return sendCommand(session.cli, command_string, { ...session.args, ...given }, { signal });
    },
  ),
  send_command_timing: row(
    [
      "command_string",
      "last_read",
      "read_timeout",
      "strip_prompt",
      "strip_command",
      "normalize",
      "cmd_verify",
    ],
    false,
    (session, args, { signal }) => {
      const { command_string, ...given } = defined(commandArgs.parse(args));
      return sendCommand(session.cli, command_string, { ...session.args, ...TIMING, ...given }, { signal });
    },
  ),
  send_multiline: row(["commands", "multiline_strip"], false, async (session, args, { signal }) => {
    const { commands } = multilineArgs.parse(args);
    let output = "";
    for (const entry of commands) {
      const [text = "", expect] = typeof entry === "string" ? [entry] : entry;
      const part = {
        ...session.args,
        strip_prompt: false,
        strip_command: false,
        ...(expect && { expect_string: expect }),
      };
      output += await sendCommand(session.cli, text, part, { signal });
    }
    return output;
  }),
  send_config_set: row(
    [
      "config_commands",
      "exit_config_mode",
      "read_timeout",
      "delay_factor",
      "max_loops",
      "strip_prompt",
      "strip_command",
      "config_mode_command",
      "cmd_verify",
      "enter_config_mode",
      "error_pattern",
      "terminator",
      "bypass_commands",
    ],
    false,
    sendConfigSet,
  ),
  save_config: row(["cmd", "confirm", "confirm_response"], false, ({ cli }, _args, { signal }) =>
    recorded(cli, async () => {
      if (!(await save(cli, signal))) throw notOn(cli, "saving");
    }),
  ),
  commit: row(
    ["confirm", "confirm_delay", "check", "comment", "and_quit", "label", "replace", "read_timeout"],
    false,
    commit,
  ),
};

const configModeArgs = z.object({ config_command: option(z.string()) });
const commandArgs = z.object({
  command_string: z.string(),
  expect_string: option(z.string()),
  read_timeout: option(z.number()),
  last_read: option(z.number()),
  strip_prompt: option(z.boolean()).transform((v) => v ?? true),
  strip_command: option(z.boolean()).transform((v) => v ?? true),
  normalize: option(z.boolean()).transform((v) => v ?? true),
  cmd_verify: option(z.boolean()),
});
const multilineArgs = z.object({ commands: z.array(z.union([z.string(), z.array(z.string())])) });
const configArgs = z.object({
  config_commands: option(texts),
  exit_config_mode: option(z.boolean()),
  enter_config_mode: option(z.boolean()),
  error_pattern: option(z.string()),
  config_mode_command: option(z.string()),
  cmd_verify: option(z.boolean()),
  read_timeout: option(z.number()),
});
const commitArgs = z.object({
  confirm: option(z.boolean()),
  confirm_delay: option(z.number()),
  check: option(z.boolean()),
  comment: option(z.string()),
  and_quit: option(z.boolean()),
  label: option(z.string()),
  replace: option(z.boolean()),
});

/** Arguments of a call as a map; a list stands for the first parameters. */
export function namedArguments(
  method: string,
  args: readonly unknown[] | Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = methods[method]?.parameters ?? [];
  const named: Record<string, unknown> = Array.isArray(args)
    ? Object.fromEntries(args.map((value, at) => [known[at] ?? `argument ${at + 1}`, value]))
    : { ...args };
  const unknown = Object.keys(named).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw pluginErrors.NotImplemented({
      what: `argument ${unknown} of ${method} (it has ${known.join(", ")})`,
      driver: "netmiko",
    });
  }
  return named;
}

async function sendConfigSet(
  session: NetmikoSession,
  args: Readonly<Record<string, unknown>>,
  context: OperationContext,
): Promise<string> {
  const { cli } = session;
  const given = defined(configArgs.parse(args));
  const { config_commands: commands = [] } = given;
  const lines = (Array.isArray(commands) ? commands : commands.split(/\r?\n/)).map((line) => line.trimEnd());
  if (lines.length === 0) return "";
  const stays = cli.platform.candidate?.use === "always";
  return recorded(cli, async () => {
    if (given.enter_config_mode !== false)
      await enterConfig(session, context.signal, given.config_mode_command);
    const results: LineResult[] = [];
    let error: Error | undefined;
    try {
      error = await sendLines(
        cli,
        {
          lines,
          mode: cli.mode ?? "",
          // Netmiko stops at an error only where it was given a pattern; with none, the platform's indicators are on here.
          onError: "Stop",
          ...lineRules(given),
          ...(given.read_timeout !== undefined && { readTimeoutMs: given.read_timeout * 1000 }),
        },
        results,
        context.signal,
      );
    } finally {
      const leave = given.exit_config_mode ?? !stays;
      if (!cli.channel.outOfStep && (leave || error)) await cli.leaveConfig();
    }
    if (error) throw error;
  });
}

async function commit(
  session: NetmikoSession,
  args: Readonly<Record<string, unknown>>,
  { signal }: OperationContext,
): Promise<string> {
  const { cli } = session;
  const { candidate } = cli.platform;
  if (!candidate) throw notOn(cli, "commit");
  const given = defined(commitArgs.parse(args));
  const steps: Steps | undefined = given.check
    ? candidate.check
    : given.and_quit
      ? candidate.variants?.and_quit
      : given.label !== undefined
        ? candidate.variants?.label
        : given.replace
          ? candidate.variants?.replace
          : given.confirm
            ? (given.comment !== undefined && candidate.commitConfirmedComment) || candidate.commitConfirmed
            : given.comment !== undefined
              ? candidate.commitComment
              : candidate.commit;
  if (steps === undefined)
    throw pluginErrors.NotImplemented({
      what: `commit(${Object.keys(args).join(", ")}) on ${cli.platform.name}`,
      driver: "netmiko",
    });
  const delay = given.confirm_delay ?? 10;
  const values = {
    comment: (given.comment ?? "").replaceAll('"', " "),
    label: given.label ?? "",
    minutes: String(delay),
    seconds: String(delay),
  };
  try {
    return await recorded(cli, async () => {
      await enterConfig(session, signal);
      await cli.steps(steps, signal, values);
    });
  } catch (failure) {
    const answer = failure instanceof Error ? failure.message : String(failure);
    throw deviceErrors.CommitFailed({ device: cli.device, answer }, { cause: failure });
  }
}

async function enterConfig({ cli }: NetmikoSession, signal: AbortSignal, command?: string): Promise<void> {
  if (inConfig({ cli })) return;
  const mode =
    cli.platform.candidate?.use === "always" ? cli.platform.candidate.mode : configurationMode(cli.platform);
  if (mode === undefined)
    throw pluginErrors.NotImplemented({
      what: `configuration mode on ${cli.platform.name}`,
      driver: "netmiko",
    });
  await (command === undefined ? cli.enter(mode, signal) : cli.enterBy(command, mode, signal));
}

/** What a terminal would have shown meanwhile. */
async function recorded(cli: Cli, run: () => Promise<unknown>): Promise<string> {
  const transcript: string[] = [];
  cli.transcript = transcript;
  try {
    await run();
    return transcript.join("");
  } finally {
    cli.transcript = undefined;
  }
}

function notOn(cli: Cli, what: string): Error {
  return pluginErrors.NotImplemented({ what: `${what} on ${cli.platform.name}`, driver: "netmiko" });
}

/** Netmiko's quiet time of send_command_timing, in seconds; a prompt ends the wait at once. */
const TIMING: CommandArgs = { last_read: 2 };

/** Without the arguments that were not given. */
function defined<T extends object>(args: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function inConfig({ cli }: Pick<NetmikoSession, "cli">): boolean {
  return (
    cli.mode !== undefined &&
    [roleMode(cli.platform, "config"), cli.platform.candidate?.mode].includes(cli.mode)
  );
}

function row(parameters: readonly string[], readsOnly: boolean, run: Method): MethodRow {
  return { parameters, readsOnly, run };
}
