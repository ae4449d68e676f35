import { z } from "zod";
import {
  firstLine,
  netmikoBasePrompt,
  normalizeCommand,
  normalizeLineEnds,
  sanitizeOutput,
  stripBackspaces,
  stripCommand,
  stripKnownSequences,
  stripPrompt,
  withoutNokiaContext,
} from "../../../../plugins/drivers/netmiko/text.ts";
import { sessionLog } from "../../../device/session-log.ts";
import { readJsonLines } from "../records.ts";
import { type ConformanceCase, compare } from "../suite.ts";

const record = z.looseObject({
  fn: z.string(),
  args: z.array(z.unknown()),
  ctx: z.looseObject({ base_prompt: z.string().optional() }).default({}),
  expected: z.unknown(),
});

type Arguments = readonly unknown[];

const FILE = "cases.jsonl";

/** Netmiko's functions on texts; a name such as `strip_prompt[nokia_srl]` is the method of that platform. */
export function* textCases(folder: string): Generator<ConformanceCase> {
  let number = 0;
  for (const { fn, args, ctx, expected } of readJsonLines(folder, FILE, record)) {
    const [, name = fn, platform = ""] = /^(\w+)\[(\w+)\]$/.exec(fn) ?? [];
    yield {
      id: `${++number} ${fn}`,
      file: FILE,
      run: () => compare(expected, call(name, platform, args, ctx.base_prompt ?? "")),
    };
  }
}

function call(name: string, platform: string, args: Arguments, base: string): unknown {
  const text = (at: number) => String(args[at]);
  switch (name) {
    case "strip_ansi_escape_codes":
      return stripKnownSequences(text(0));
    case "normalize_linefeeds":
      return normalizeLineEnds(text(0));
    case "normalize_cmd":
      return normalizeCommand(text(0));
    case "strip_backspaces":
      return stripBackspaces(text(0));
    case "strip_command":
      return stripCommand(text(0), text(1), platform);
    case "strip_prompt":
      return stripPrompt(text(0), base, platform);
    case "sanitize_output":
      return sanitizeOutput(text(0), {
        stripCommand: args[1] === true,
        command: text(2),
        stripPrompt: args[3] === true,
        base,
      });
    case "first_line_handler":
      return firstLine(text(0), new RegExp(text(1)));
    case "nokia_context_filter":
      return withoutNokiaContext(text(0));
    case "set_base_prompt":
      return netmikoBasePrompt(text(0), text(1));
    case "session_log":
      return logged(args[0] as readonly string[], args[1] as Readonly<Record<string, string>>);
    default:
      throw new Error(`The records call ${name}, which this suite does not know.`);
  }
}

function logged(pieces: readonly string[], secrets: Readonly<Record<string, string>>): string {
  let written = "";
  const log = sessionLog(
    Object.values(secrets),
    (_direction, text) => {
      written += text;
    },
    { recordsWrites: false },
  );
  for (const piece of pieces) log.received(piece);
  log.end();
  return written;
}
