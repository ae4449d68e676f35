import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { normalizeLineEnds } from "../../../src/device/terminal-text.ts";

/*
 * Netmiko's functions on texts, under their meaning there, for methods and scripts that rely on exactly that. The driver itself knows
 * more (which line was a prompt, what was an echo) and needs none of them to clean output.
 */

export { normalizeLineEnds };

/** Sequences that Netmiko knows; others stay in the text. */
const KNOWN_SEQUENCES =
  /\x1b\[(?:\d+;\d+[Hr]|\?25h|K|2K|1M|\?7[lh]|\?\d+l|\?2004h|00m|2?J|\dm|\d\d;\d\dm|\d\d;\d\d;\d\dm|[34]\dm|(?:9|10)[0-7]m|\d;\d\dm|6n|m|\d+D|\d*[ABC]|c)/g;
/** An inserted line and "next line" stand for a line end. */
const LINE_SEQUENCES = /\x1b(?:\[(\d+)L|E)/g;
/** More lines than a screen has are a mistake of the device. */
const MOST_LINES = 1000;

/** Netmiko's `strip_ansi_escape_codes`. */
export function stripKnownSequences(text: string): string {
  return text
    .replace(KNOWN_SEQUENCES, "")
    .replace(LINE_SEQUENCES, (_, count?: string) => "\n".repeat(Math.min(Number(count ?? 1), MOST_LINES)));
}

/** Netmiko's `normalize_cmd`: without white space at the end, with one line end. */
export function normalizeCommand(command: string, lineEnd = "\n"): string {
  return command.trimEnd() + lineEnd;
}

/** Netmiko's `strip_backspaces`. */
export function stripBackspaces(text: string): string {
  return text.replaceAll("\b", "");
}

/** Netmiko's `strip_command`: without the first line if the output begins with the command. */
export function stripCommand(command: string, output: string, platform = ""): string {
  const text = stripBackspaces(output);
  const sent = command.trim();
  const rest = text.startsWith(sent) ? text.split("\n").slice(1).join("\n") : text;
  if (!platform.startsWith("mikrotik_")) return rest;
  // Mikrotik shows the command once more, behind the prompt.
  const lines = rest.trimStart().split("\n");
  const repeated = lines.findIndex(
    (line) => /^\[.*\] > /.test(line) && line.slice(line.indexOf("] > ") + 4).startsWith(sent),
  );
  return lines.slice(repeated + 1).join("\n");
}

/** Lines of a prompt before its last one: dropped from the end of the output. */
const CONTEXT: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:juniper|flexvnf|furukawa)/, /\[edit.*\]|\{(?:master|backup|line|primary|secondary).*\}/i],
  [/^paloalto_panos/, /\[edit.*\]/],
  [/^nokia_srl/, /-{2}\{.*\}-{2}\[.*\]-{2}/],
];

/** Netmiko's `strip_prompt`: without the last line if it holds the base prompt, and without the platform's context lines before it. */
export function stripPrompt(output: string, base: string, platform = ""): string {
  // PAN-OS repeats prompt and command before the output, so every line with the prompt goes there.
  let text = platform.startsWith("paloalto_panos")
    ? output
        .split("\n")
        .filter((line) => !line.includes(base))
        .join("\n")
    : dropLast(output, (line) => line.includes(base));
  if (platform.startsWith("mikrotik_") && text !== output)
    text = dropLast(text.trimEnd(), (line) => line.includes(base)).trim();
  if (/^(?:nokia|alcatel)_sros/.test(platform) && base.includes("@")) text = withoutLastContext(text);
  const context = CONTEXT.find(([name]) => name.test(platform))?.[1];
  return context ? dropLast(text, (line) => context.test(line)) : text;
}

function withoutLastContext(text: string): string {
  const lines = text.trimEnd().split("\n");
  return [...lines.slice(0, -1), withoutNokiaContext(lines.at(-1) ?? "")].join("\n").trimEnd();
}

/** Netmiko's `_sanitize_output`. */
export function sanitizeOutput(
  output: string,
  options: {
    readonly stripCommand: boolean;
    readonly command?: string;
    readonly stripPrompt: boolean;
    readonly base: string;
  },
): string {
  let text = normalizeLineEnds(output);
  if (options.stripCommand && options.command !== undefined) text = stripCommand(options.command, text);
  return options.stripPrompt ? stripPrompt(text, options.base) : text;
}

/** Netmiko's `_first_line_handler`: a repainted first line (with backspaces) loses what matches; false: there was nothing to look at. */
export function firstLine(text: string, pattern: RegExp): readonly [text: string, ok: boolean] {
  const [first = "", ...rest] = text.split("\n");
  if (!first.includes("\b")) return [text, true];
  return [[first.replace(new RegExp(`${pattern.source}.*`), ""), ...rest].join("\n"), true];
}

/** Netmiko's filter of SR OS context lines: `(ex)[configure router]`, `[/]`. */
export function withoutNokiaContext(text: string): string {
  return text.replace(/^[!*]*(?:\((?:ro|ex|gl|pr)\))?\s*[!*]*\[.*\]/gm, "");
}

const rule = z.strictObject({
  platforms: z.array(z.string()),
  drop: z.array(z.string()).default([]),
  longest: z.number().optional(),
  trim: z.boolean().default(false),
  fixed: z.string().optional(),
  keepsEnd: z.boolean().default(false),
});

const rules = new Map(
  z
    .array(rule)
    .parse(parse(readFileSync(join(import.meta.dirname, "base-prompt.yaml"), "utf8")))
    .flatMap((r) => r.platforms.map((name) => [name, r] as const)),
);

/**
 * Netmiko's `set_base_prompt`: the part of a prompt that stays the same in all modes.
 *
 * @example
 * netmikoBasePrompt("huawei", "HRP_M<fw1>") // "fw1"
 */
export function netmikoBasePrompt(platform: string, prompt: string): string {
  const found = rules.get(platform.replace(/_(?:ssh|telnet|serial)$/, ""));
  if (found?.fixed !== undefined) return found.fixed;
  const line = normalizeLineEnds(prompt).trimEnd().split("\n").at(-1) ?? "";
  let base = line.length === 1 || found?.keepsEnd ? line : line.slice(0, -1);
  for (const source of found?.drop ?? []) base = base.replace(new RegExp(source), "");
  if (found?.trim) base = base.trim();
  return found?.longest === undefined ? base : base.slice(0, found.longest);
}

function dropLast(text: string, belongs: (line: string) => boolean): string {
  const lines = text.split("\n");
  return belongs(lines.at(-1) ?? "") ? lines.slice(0, -1).join("\n") : text;
}
