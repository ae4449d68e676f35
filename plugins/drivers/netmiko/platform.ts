import { z } from "zod";
import { fileCommandsSchema } from "../../../src/device/transfer/index.ts";

/*
 * How a platform file is written
 * ------------------------------
 * `platforms/<name>.yaml` describes one kind of device; the file's name is its Netmiko device type. Every pattern is a JavaScript
 * regular expression. `{username}`, `{password}`, `{secret}` and, in commit commands, `{comment}`, `{minutes}`, `{seconds}` stand
 * for values; nothing else in braces is replaced.
 *
 *     extends: cisco_ios          # take another platform's file and override: objects merge, lists and scalars replace, null removes
 *     modes:                      # a graph; the engine walks the shortest way and believes only prompts
 *       exec:       { prompt: '^[\w.-]+>$', to: { privileged: { send: enable, secretAt: 'assword:' } } }
 *       privileged: { prompt: '^[\w.-]+#$', to: { config: { send: configure terminal }, exec: { send: disable } } }
 *       config:     { prompt: '^[\w.-]+\(config[^)]*\)#$', to: { privileged: { send: end } } }
 *     onOpen: [ terminal length 0, { send: terminal pager 0, in: privileged } ]
 *
 * A prompt is matched against the last, unterminated line (the last `promptLines` lines, joined by "\n", where a prompt spans
 * several), trailing white space removed. Order matters only when two modes match the same text: then the mode that is being
 * entered wins, then the current one, then the first. `exec`, `privileged` and `config` have a meaning: the mode after login, the one that
 * `enable` reaches, and the one for configuration; `roles` renames them where one mode plays two parts.
 */

const pattern = z
  .string()
  .min(1)
  .refine(isPattern, { error: "is not a JavaScript regular expression (write (?:…) without inline flags)" });
const text = z.string().max(2000);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/);

/** Question -> answer. A question is matched against the last, unterminated line; only listed questions are answered. */
const answers = z.record(pattern, text);

/** One thing to send and how to know that it is done. A plain text is `{ send: text }`. */
const fullStep = z.strictObject({
  /** What to send, without line end. Empty: only the line end. */
  send: text,
  /** The mode to be in before sending; the engine goes there first. Absent: whichever mode it is in. */
  in: name.optional(),
  /** Send only if the answer to the previous step matches (`when`) or does not match (`unless`). */
  when: pattern.optional(),
  unless: pattern.optional(),
  /** At this question, and only there, a secret is sent (at most twice: the second is `EnableFailed`). */
  secretAt: pattern.optional(),
  /** Which secret: a key of the credential. Absent: `secret`, and `password` where there is no `secret`. */
  secret: z.string().optional(),
  /** At this question the user name is sent (`login` inside the session). */
  usernameAt: pattern.optional(),
  answers: answers.optional(),
  /** The step ends at this text in the last line even though it is no prompt of the platform. */
  endsAt: pattern.optional(),
  /** The answer must match, otherwise the step has failed. */
  succeeds: pattern.optional(),
  /** An answer that matches means failure; added to the platform's `failures`. */
  fails: z.array(pattern).optional(),
  /** A failure of this step is ignored (a paging command that older versions do not know), and so is that of the way to its mode. */
  optional: z.boolean().optional(),
  /** Sent before the session is left, if this was sent: takes back a setting that outlives the session. */
  undo: z.array(text).optional(),
  /** `false`: the device does not echo this input. */
  echo: z.boolean().optional(),
  /** `false`: send without waiting for anything (a closing `exit`). */
  wait: z.boolean().optional(),
  /** Longest silence, for commands that are silent for long (commit, save). */
  timeoutSeconds: z.number().positive().max(3600).optional(),
});
const step = z.union([text, fullStep]);
const steps = z.union([step, z.array(step)]);

const mode = z.strictObject({
  /** `null` in an extending file removes the inherited mode. */
  prompt: pattern,
  /** Texts that look like this prompt but are not. */
  not: z.array(pattern).optional(),
  /** Prompts of this mode as devices show them; the linter tries them against all modes. */
  examples: z.array(text).optional(),
  /** The ways out: target mode -> what to send. */
  to: z.record(name, steps).default({}),
});

/** Configuration that takes effect only when it is committed. */
const candidate = z.strictObject({
  /** `onDemand`: only where a job asks for something that needs it (dry run, rollback, confirmed commit, replace). */
  use: z.enum(["always", "onDemand"]).default("always"),
  /** Mode to configure in, entered in a way that nobody else's change can be in it (`configure private`, `configure exclusive`). */
  mode: name,
  /** Whether the candidate belongs to this session alone (`private`), is locked (`exclusive`), or is shared by all (`shared`). */
  isolation: z.enum(["private", "exclusive", "shared"]),
  /** Keeps others out of a candidate that the device does not isolate, before it is entered; a refusal ends the change. */
  lock: steps.optional(),
  /** Lets them in again, after it was left. */
  unlock: steps.optional(),
  /** Shows uncommitted changes; the same command gives the diff of a dry run. */
  diff: step.optional(),
  /** An answer of `diff` that means "nothing pending" (an empty answer always does). */
  clean: pattern.optional(),
  check: steps.optional(),
  commit: steps,
  /** With `{comment}`. */
  commitComment: steps.optional(),
  /** With `{minutes}` or `{seconds}`: takes itself back unless confirmed. */
  commitConfirmed: steps.optional(),
  /** With both. */
  commitConfirmedComment: steps.optional(),
  /** Makes a confirmed commit final. */
  confirm: steps.optional(),
  /** Throws the candidate away. */
  discard: steps,
  /** Way out of the mode after a commit or discard, where leaving is a step of its own; absent: the mode graph's. */
  leave: steps.optional(),
  /** Takes back the last commit, from the candidate's mode. */
  undo: steps.optional(),
  /** Replaces the whole configuration by the lines that follow. */
  replace: steps.optional(),
  /** More commit variants under Netmiko's names (`label`, `replace`, `and_quit`). */
  variants: z.record(z.string(), steps).optional(),
});

const ssh = z.strictObject({
  /** Oldest algorithms that this platform needs; the pool must allow `legacy` as well. */
  algorithms: z.enum(["modern", "compatible", "legacy"]).optional(),
  /** `none`: SSH lets everybody in and the login follows inside the session. */
  auth: z.enum(["usual", "none"]).default("usual"),
  /** Answers to keyboard-interactive questions, besides the password at its prompt. */
  keyboardAnswers: answers.default({}),
  /** Added to the user name (Mikrotik's terminal options). */
  usernameSuffix: text.default(""),
  terminal: z.string().default("vt100"),
  columns: z.number().int().positive().default(511),
  rows: z.number().int().positive().default(1000),
});

const telnet = z.strictObject({
  username: pattern.default("(?:user ?name|login|user) ?: *$"),
  password: pattern.default("assword ?: *$"),
  /** A line that means that the login was refused. */
  refused: pattern.default("(?:incorrect|invalid|fail|denied|bad password)"),
  lineEnd: z.string().default("\r\n"),
  port: z.number().int().default(23),
});

/** How `device_type: autodetect` knows this platform. */
const detection = z.strictObject({
  /** The device type to answer with, one of `aliases`; absent: the file's. */
  answer: name.optional(),
  /** The command whose answer tells. */
  probe: text.optional(),
  /** Patterns in the answer, searched case-insensitively as Netmiko does. */
  matches: z.array(pattern).default([]),
  /** The best hit wins: 99 is certain, less gives way to a more special platform. */
  priority: z.number().int().min(1).max(99).default(99),
  serverVersion: pattern.optional(),
  banner: pattern.optional(),
  /** A login prompt of this form makes this platform's probe the first to be tried. */
  prompt: pattern.optional(),
});

/** Several lines that are one input; they are sent together once the device has agreed to take text. */
const block = z.strictObject({
  /** First line. Named groups are available in `end` as `{name}`. */
  start: pattern,
  /** Last line. `{delimiter}` and the like stand for what the group of `start` matched, literally. */
  end: z.string(),
  /** What the device prints when it starts to take text; absent: the next prompt decides. */
  accepted: pattern.optional(),
});

const telnetPlatform = z.union([z.boolean(), telnet]);

export const platformSchema = z.strictObject({
  extends: name.optional(),
  /** Only a base for others to extend: no device type of this name exists. */
  abstract: z.boolean().default(false),
  description: z.string().default(""),
  /** Other Netmiko device types that behave exactly alike (`cisco_xe`). */
  aliases: z.array(name).default([]),
  /** Name of the platform in ntc-templates, where it is another. */
  ntcTemplates: z.string().optional(),

  /** What ends a line that is sent, and what the device needs for Enter. */
  lineEnd: z.enum(["\n", "\r\n", "\r"]).default("\n"),
  /** `on`: every input comes back; `off`: none does (do not wait for it). Either is learnt if the device shows otherwise. */
  echo: z.enum(["on", "off"]).default("on"),
  /** Remove terminal control sequences. Always on while the first prompt is looked for. */
  stripAnsi: z.boolean().default(false),
  /** Text encoding of what the device sends. */
  encoding: z.string().default("utf-8"),

  modes: z.record(name, mode),
  roles: z
    .strictObject({
      exec: name.optional(),
      privileged: name.optional(),
      config: name.optional(),
      home: name.optional(),
    })
    .default({}),
  /** How many lines a prompt spans (SR Linux, SR OS: 2). */
  promptLines: z.number().int().min(1).max(4).default(1),
  /** Milliseconds for which a prompt must stand unchanged, only where one prompt is the beginning of another (`>` and `>>`). */
  promptSettleMs: z.number().int().min(0).max(500).default(0),
  /** Lines around prompts that belong to them and not to the output (`[edit]`, `{master:0}`), matched as whole lines. */
  contextLines: z.array(pattern).default([]),
  /** Longest host name that the prompt shows in configuration mode; longer ones are cut. */
  hostnameLimit: z.number().int().positive().optional(),

  /** In-session login and questions between connection and first prompt; each step's `send` is left empty if only questions matter. */
  login: z
    .strictObject({
      usernameAt: pattern.optional(),
      passwordAt: pattern.optional(),
      answers: answers.default({}),
      /** Send one line end first: the device says nothing until then. */
      wake: z.boolean().default(false),
      /** Menu or shell entries that lead to the command line, tried when the last line matches. */
      refused: pattern.optional(),
    })
    .optional(),
  /** After the first prompt: width, then paging, then anything else. Width first, or echoes wrap. */
  onOpen: z.array(step).default([]),
  /** Before leaving; the last one is usually `{ send: exit, wait: false }`. */
  onClose: z.array(step).default([{ send: "exit", wait: false }]),

  /** What stands in the last line when output stops for a key, and the key. */
  pagers: z.array(z.strictObject({ prompt: pattern, send: z.string().default(" ") })).optional(),
  /** Beginnings of lines that mean that an input was refused. Searched in answers to configuration lines and steps. */
  failures: z.array(pattern).default([]),
  /** Parts of `failures` that are harmless, matched against the failing line. */
  notFailures: z.array(pattern).default([]),
  /** Last lines that are questions, besides the usual forms (`[yes/no]`, `?`, `assword:`). */
  questions: z.array(pattern).default([]),
  /** Answers that are given whenever the platform itself sends something; a user's command needs its own dialogue. */
  answers: answers.default({}),
  blocks: z.array(block).default([]),

  /** How the running configuration is kept for the next start; leaves configuration mode first unless a step says `in`. */
  save: steps.optional(),
  candidate: candidate.optional(),
  /** Takes back a change on platforms without candidate: a checkpoint before it, the way back, and clearing up. */
  rollback: z.strictObject({ checkpoint: steps, restore: steps, remove: steps.optional() }).optional(),
  /** Answers to questions of single configuration lines: pattern of the line -> question -> answer. */
  lineAnswers: z.record(pattern, answers).default({}),

  ssh: ssh.prefault({}),
  /** Telnet login; `false`: SSH only. */
  telnet: telnetPlatform.default(true),
  detect: z.array(detection).default([]),
  /** The command line is a POSIX shell: `;`, `|`, `$` and `>` mean what they mean there. */
  posixShell: z.boolean().default(false),
  /** Commands that only read, besides those of the driver's table; matched as a whole line. */
  readOnly: z.array(pattern).default([]),
  /** What can be asked about files on the command line; absent: on a POSIX shell its usual programs, elsewhere nothing. */
  files: fileCommandsSchema.optional(),
  /** Shows the running configuration; a dry run on platforms without candidate compares with it. */
  runningConfig: text.optional(),
  /** Begins a comment, harmless at any prompt: what a session that lost step is probed with. Absent: it is closed instead. */
  comment: z.string().max(4).optional(),
  /** How a session in step is asked for a sign of life; absent: a line end at the prompt. */
  keepalive: text.optional(),
});

/** A complete platform. `name` is the file's. */
export type Platform = z.output<typeof platformSchema> & { readonly name: string };
export type FullStep = z.output<typeof fullStep>;
export type Steps = z.output<typeof steps>;
export type Candidate = z.output<typeof candidate>;
export type Detection = z.output<typeof detection>;
export type Block = z.output<typeof block>;

/** A step or list of steps as a list of full steps. */
export function stepList(value: Steps | undefined): FullStep[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((s) => (typeof s === "string" ? { send: s } : s));
}

/** How most platforms are logged in to by Telnet. */
export const telnetDefaults = telnet.parse({});

/** How the platform is logged in to by Telnet; undefined where it cannot be. */
export function telnetOf(platform: Platform): z.output<typeof telnet> | undefined {
  if (platform.telnet === false) return undefined;
  return platform.telnet === true ? telnetDefaults : platform.telnet;
}

/** The mode that plays a part, or undefined where the platform has none. */
export function roleMode(platform: Platform, role: "exec" | "privileged" | "config"): string | undefined {
  const named = platform.roles[role] ?? role;
  if (Object.hasOwn(platform.modes, named)) return named;
  return role === "exec" ? Object.keys(platform.modes)[0] : undefined;
}

/** The mode in which a change ends and commands are run, also after one. */
export function homeMode(platform: Platform): string | undefined {
  return platform.roles.home ?? roleMode(platform, "privileged") ?? roleMode(platform, "exec");
}

/** The mode in which the platform takes configuration, which need not be one of its own. */
export function configurationMode(platform: Platform): string | undefined {
  return roleMode(platform, "config") ?? roleMode(platform, "privileged") ?? roleMode(platform, "exec");
}

/** Whether configuration has no mode of its own but the privileged one (`sudo -s`). */
export function configuresPrivileged(platform: Platform): boolean {
  const privileged = roleMode(platform, "privileged");
  return privileged !== undefined && privileged === roleMode(platform, "config");
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
