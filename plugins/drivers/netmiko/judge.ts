import type { Verdict } from "../../../src/device/expect.ts";
import { type Credential, type DialogueStep, deviceErrors } from "../../../src/plugin/index.ts";
import type { FullStep, Platform } from "./platform.ts";
import type { Prompts } from "./prompts.ts";
import { looksLikeQuestion, PAGER } from "./questions.ts";

/** A question that nothing answers is believed after this silence: it may be a piece of output. */
const QUESTION_SETTLE_MS = 200;
/** Lines longer than this are output, whatever they end with. */
const LONGEST_PAGER = 120;

/** How an exchange ended: at a prompt of a mode, or (undefined) at a text that was waited for. */
export interface Ended {
  readonly mode: string | undefined;
  /** At the first prompt, which no pattern of the platform knows. */
  readonly stranger?: boolean;
}

/** What one input may meet, besides prompts and pagers. */
export interface Expectations {
  /** The mode that the input should lead to: decides between prompts that look alike. */
  readonly towards?: string;
  /** Questions of a user's command, in order. */
  readonly dialogue?: readonly DialogueStep[];
  readonly step?: FullStep;
  /** The platform's own input: its listed answers may be given. */
  readonly own?: boolean;
  /** Texts in the last line that end the exchange although they are no prompt. */
  readonly endsAt?: RegExp;
}

/** What stays the same for all inputs of a session. */
export interface SessionFacts {
  readonly device: string;
  readonly platform: Platform;
  readonly credential: Credential;
  readonly prompts: Prompts;
  readonly questions: readonly RegExp[];
  readonly pagers: readonly { readonly prompt: RegExp; readonly send: string }[];
}

/**
 * Says what to do about the last line while one input is being answered. In this order: the user's dialogue, prompts, awaited texts,
 * the secret or user name at its question, listed answers, pagers. Any other question ends the exchange with an error.
 */
export class Judge {
  private readonly facts: SessionFacts;
  private readonly command: string;
  private readonly expected: Expectations;
  private readonly mode: string | undefined;
  private readonly answers: readonly (readonly [RegExp, string])[];
  private nextOfDialogue = 0;
  private secretsSent = 0;

  constructor(facts: SessionFacts, command: string, expected: Expectations, mode: string | undefined) {
    this.facts = facts;
    this.command = command;
    this.expected = expected;
    this.mode = mode;
    const listed = { ...expected.step?.answers, ...(expected.own && facts.platform.answers) };
    this.answers = Object.entries(listed).map(
      ([question, answer]) => [new RegExp(question), answer] as const,
    );
  }

  /** `tail` may hold more lines than a prompt of the platform has; only what is awaited is looked for in all of them. */
  decide(tail: string): Verdict<Ended> {
    const last = lastLines(tail, this.facts.platform.promptLines);
    const line = last.trimEnd();
    return (
      this.dialogue(last) ??
      this.prompt(line) ??
      this.awaited(tail) ??
      this.login(last) ??
      this.listed(last) ??
      this.pager(line) ??
      this.question(line)
    );
  }

  private dialogue(tail: string): Verdict<Ended> {
    const wanted = this.expected.dialogue?.[this.nextOfDialogue];
    if (!wanted || !new RegExp(wanted.expect).test(tail)) return undefined;
    this.nextOfDialogue++;
    const { credential } = this.facts;
    if (wanted.secretKey === undefined) return this.write(wanted.send ?? "");
    const secret = credential.data[wanted.secretKey];
    if (secret === undefined)
      return { fail: () => this.enableFailed(`the credential has no key ${wanted.secretKey}`) };
    return this.write(secret, true);
  }

  private prompt(line: string): Verdict<Ended> {
    const prompt = this.facts.prompts.recognise(line, this.expected.towards, this.mode);
    return prompt && { finish: { mode: prompt.mode }, settleMs: prompt.settleMs };
  }

  private awaited(tail: string): Verdict<Ended> {
    const { endsAt, step } = this.expected;
    const found = endsAt?.test(tail) || (step?.endsAt !== undefined && new RegExp(step.endsAt).test(tail));
    return found ? { finish: { mode: undefined } } : undefined;
  }

  private login(tail: string): Verdict<Ended> {
    const { step } = this.expected;
    if (step?.secretAt !== undefined && new RegExp(step.secretAt).test(tail)) {
      if (this.secretsSent > 0) return { fail: () => this.enableFailed("the secret was refused") };
      const secret = this.secret(step);
      if (secret === undefined)
        return { fail: () => this.enableFailed("it asks for a password and the credential has none") };
      this.secretsSent++;
      return this.write(secret, true);
    }
    if (step?.usernameAt !== undefined && new RegExp(step.usernameAt).test(tail)) {
      return this.write(this.facts.credential.username ?? "");
    }
    return undefined;
  }

  private listed(tail: string): Verdict<Ended> {
    const found = this.answers.find(([question]) => question.test(tail));
    return found && this.write(fillCredential(found[1], this.facts.credential));
  }

  private pager(line: string): Verdict<Ended> {
    const known = this.facts.pagers.find((pager) => pager.prompt.test(line));
    if (known) return { write: known.send, erase: true };
    return line.length < LONGEST_PAGER && PAGER.test(line) ? { write: " ", erase: true } : undefined;
  }

  private question(line: string): Verdict<Ended> {
    if (!looksLikeQuestion(line, this.facts.questions)) return undefined;
    const { device } = this.facts;
    const fail = () => deviceErrors.UnexpectedQuestion({ device, command: this.command, question: line });
    return { fail, settleMs: QUESTION_SETTLE_MS };
  }

  private write(text: string, secret = false): Verdict<Ended> {
    return { write: text + this.facts.platform.lineEnd, secret };
  }

  private secret(step: FullStep): string | undefined {
    const { credential } = this.facts;
    if (step.secret === "password") return credential.password;
    if (step.secret !== undefined && step.secret !== "secret") return credential.data[step.secret];
    return credential.secret ?? credential.password;
  }

  private enableFailed(why: string): Error {
    return deviceErrors.EnableFailed({ device: this.facts.device, why });
  }
}

/** Puts `{username}`, `{password}`, `{secret}` and other values into a text of a platform file. */
export function fillCredential(
  text: string,
  credential: Credential,
  values: Readonly<Record<string, string>> = {},
): string {
  if (!text.includes("{")) return text;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
    if (Object.hasOwn(values, key)) return values[key] ?? whole;
    if (key === "username" || key === "password" || key === "secret") return credential[key] ?? "";
    return whole;
  });
}

function lastLines(text: string, count: number): string {
  let from = text.length;
  for (let line = 0; line < count && from >= 0; line++)
    from = from === 0 ? -1 : text.lastIndexOf("\n", from - 1);
  return text.slice(from + 1);
}
