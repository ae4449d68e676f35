import type { Platform } from "./platform.ts";

/** A prompt with a name that this session has not seen is believed only after this silence: it may be output. */
const STRANGER_SETTLE_MS = 25;

export interface Recognised {
  readonly mode: string;
  /** How long it must stand unchanged to be believed. */
  readonly settleMs: number;
}

/**
 * Knows the prompts of one session: the platform's grammar, and what this device has shown. A device's name may change at any
 * time (`hostname new`), so a name that is new is believed too, only a moment later.
 */
export class Prompts {
  private readonly grammar: Grammar;
  private readonly settleMs: number;
  private readonly seen = new Map<string, string>();
  private names = new Set<string>();

  constructor(platform: Platform, extra?: string) {
    this.settleMs = platform.promptSettleMs;
    this.grammar = extra === undefined ? grammarOf(platform) : compiled(platform, extra);
  }

  /** The mode whose prompt this is; of several, the wanted one, then the current one, then the first. */
  recognise(tail: string, wanted: string | undefined, current: string | undefined): Recognised | undefined {
    const line = tail.trimEnd();
    if (line === "") return undefined;
    const modes = this.grammar.filter((g) => g.prompt.test(line) && !g.not.some((n) => n.test(line)));
    const mode =
      [wanted, current].find((m) => modes.some((g) => g.mode === m)) ?? modes[0]?.mode ?? this.seen.get(line);
    if (mode === undefined) return undefined;
    const familiar =
      this.seen.has(line) || this.names.size === 0 || [...this.names].some((name) => line.includes(name));
    return { mode, settleMs: familiar ? this.settleMs : Math.max(STRANGER_SETTLE_MS, this.settleMs) };
  }

  /** Remembers a prompt that was believed. */
  learn(tail: string, mode: string): void {
    const line = tail.trimEnd();
    if (this.seen.has(line)) return;
    if (this.seen.size > 200) this.seen.clear();
    this.seen.set(line, mode);
    const name = basePrompt(line);
    if (name === "" || [...this.names].some((known) => line.includes(known))) return;
    this.names = new Set([...[...this.names].slice(-4), name]);
  }

  /** Makes a text a prompt of a mode although the platform does not know it. */
  adopt(tail: string, mode: string): void {
    this.seen.set(tail.trimEnd(), mode);
    this.names.add(basePrompt(tail));
  }
}

/** The part of a prompt that stays in all modes: its last line without terminator, brackets and mode. */
function basePrompt(prompt: string): string {
  const line = prompt.trimEnd().split("\n").at(-1) ?? "";
  return line
    .replace(/[>#$%\]:)*\s]+$/, "")
    .replace(/^[<[(*~\s]+/, "")
    .replace(/\s*[([].*$/, "")
    .slice(0, 16);
}

type Grammar = readonly { readonly mode: string; readonly prompt: RegExp; readonly not: readonly RegExp[] }[];

/** Compiled once per platform, not once per session: hundreds of sessions share it. */
const grammars = new WeakMap<Platform["modes"], Grammar>();

function grammarOf(platform: Platform): Grammar {
  const known = grammars.get(platform.modes);
  if (known) return known;
  const grammar = compiled(platform);
  grammars.set(platform.modes, grammar);
  return grammar;
}

/** The prompts of all modes; an extra one belongs to the first. */
function compiled(platform: Platform, extra?: string): Grammar {
  return Object.entries(platform.modes).map(([mode, { prompt, not }], at) => ({
    mode,
    prompt: new RegExp(extra !== undefined && at === 0 ? `(?:${prompt})|(?:${extra})` : prompt),
    not: (not ?? []).map((source) => new RegExp(source)),
  }));
}
