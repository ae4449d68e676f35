import type { Detection, Platform } from "./platform.ts";

/** What is known about a device before anything is asked. */
export interface FirstImpression {
  /** How the SSH server names its software. */
  readonly serverVersion: string;
  /** Text shown before and after the login. */
  readonly banner: string;
  readonly prompt: string;
}

/** Asks the device; the answer without echo and prompt. */
export type Ask = (command: string) => Promise<string>;

interface Rule extends Detection {
  readonly platform: string;
}

/** A hit that needs no further question. */
const CERTAIN = 99;

/** Answers that mean that the device does not know the command: nothing in them identifies it. */
const UNKNOWN_COMMAND =
  /% ?Invalid (?:input|command)|% ?Unrecognized|% ?Unknown command|% ?Ambiguous|%Error|syntax error,|Syntax Error|Error: ?(?:Unrecognized|Wrong|Incomplete)|command not found|(?:^|\n)unknown command|Invalid command|No such command/i;

/**
 * Finds the platform of a device: from what it has shown already if that decides, otherwise by asking each probe once, the likeliest
 * first, until an answer is certain. Undefined when nothing matches.
 */
export async function detect(
  platforms: readonly Platform[],
  seen: FirstImpression,
  ask: Ask,
): Promise<string | undefined> {
  const rules = platforms.flatMap((p) =>
    p.detect.map((detection): Rule => ({ ...detection, platform: p.name })),
  );
  const shown = rules.find(
    (rule) => matches(rule.serverVersion, seen.serverVersion) || matches(rule.banner, seen.banner),
  );
  if (shown) return shown.answer ?? shown.platform;

  let best: { readonly rule: Rule; readonly length: number } | undefined;
  for (const probe of probes(rules, seen.prompt)) {
    const answer = await ask(probe);
    if (UNKNOWN_COMMAND.test(answer)) continue;
    for (const rule of rules.filter((r) => r.probe === probe)) {
      const length = longestMatch(rule, answer);
      if (length === 0) continue;
      const better =
        !best ||
        rule.priority > best.rule.priority ||
        (rule.priority === best.rule.priority && length > best.length);
      if (better) best = { rule, length };
    }
    if (best && best.rule.priority >= CERTAIN) break;
  }
  return best?.rule.answer ?? best?.rule.platform;
}

/** The probes, each once: those that the prompt speaks for, then the ones that most platforms know. */
function probes(rules: readonly Rule[], prompt: string): string[] {
  const votes = new Map<string, number>();
  for (const rule of rules) {
    if (rule.probe === undefined) continue;
    const likely = rule.prompt !== undefined && matches(rule.prompt, prompt) ? 1000 : 0;
    votes.set(rule.probe, (votes.get(rule.probe) ?? 0) + 1 + likely);
  }
  for (const [probe, shape] of HINTS)
    if (votes.has(probe) && shape.test(prompt)) votes.set(probe, (votes.get(probe) ?? 0) + 500);
  return [...votes].toSorted(([, a], [, b]) => b - a).map(([probe]) => probe);
}

/** Forms of prompts that make a probe the likeliest. */
const HINTS: readonly (readonly [string, RegExp])[] = [
  ["display version", /^(?:HRP_.)?[<[][^>\]]+[>\]]$/],
  ["uname -a", /\$$|^\[?root@/],
];

function longestMatch(rule: Rule, answer: string): number {
  const found = rule.matches.map((source) => new RegExp(source, "i").exec(answer)?.[0].length ?? 0);
  return Math.max(0, ...found);
}

function matches(source: string | undefined, text: string): boolean {
  return source !== undefined && new RegExp(source, "i").test(text);
}
