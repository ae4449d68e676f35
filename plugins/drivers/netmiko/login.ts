import type { Verdict } from "../../../src/device/expect.ts";
import type { LoginAnswer, LoginAnswers } from "../../../src/device/login-answers.ts";
import type { Ended, Judge } from "./judge.ts";
import type { Platform } from "./platform.ts";

/** Questions of a login inside the session (Telnet, and SSH servers that let everybody in). */
export interface LoginQuestions {
  readonly usernameAt?: RegExp;
  readonly passwordAt?: RegExp;
  /** A line that means that the login was refused. */
  readonly refused?: RegExp;
  /** Send one line end first. */
  readonly wake: boolean;
}

/** A device that has shown no known prompt is taken at its word after this silence. */
const STRANGER_MS = 700;
const TERMINATED = /[>#$%\]:]\s*$/;
/** What asks, where codes and the like are concerned: never a prompt such as `token-1>`. */
const ASKS = /[:?)]\s*$/;
const LONGEST_QUESTION = 200;
/** A question is answered, and a login given up, only for a line that stands: it may be the beginning of one that says something. */
const ANSWER_SETTLE_MS = 25;
const FAIL_SETTLE_MS = 200;
/** Ends as a prompt may, and wants a choice or a word all the same. */
const CHOICE = /\b(?:enter|type|select|choose|choice|option|accept|agree|continue)\b.*[:?]\s*$/i;

/** How a piece of the login ended: at a prompt, or at a question whose answer has to be waited for. */
export interface LoginEnded extends Ended {
  readonly later?: () => Promise<string>;
}

/**
 * Answers a login inside the session: the user name, the password and codes each once, at their questions and nowhere else. Asked a second
 * time, or told so, it fails with `AuthFailed` instead of trying again; asked anything else that nothing is listed for, with `LoginQuestion`.
 */
export class LoginJudge {
  private readonly answers: LoginAnswers;
  private readonly questions: LoginQuestions;
  private readonly lineEnd: string;
  private readonly rest: Judge;
  private readonly mode: string | undefined;

  constructor(
    answers: LoginAnswers,
    questions: LoginQuestions,
    lineEnd: string,
    rest: Judge,
    mode: string | undefined,
  ) {
    this.answers = answers;
    this.questions = questions;
    this.lineEnd = lineEnd;
    this.rest = rest;
    this.mode = mode;
  }

  /** `tail` holds some lines before the last one: they say what a question is about. */
  decide(tail: string): Verdict<LoginEnded> {
    const at = tail.lastIndexOf("\n") + 1;
    const [before, line] = [tail.slice(0, at), tail.slice(at)];
    // A prompt of several lines may end with an empty one.
    if (line.trim() === "") return this.rest.decide(tail);
    const answer = this.known(line, before);
    if (answer) return this.verdict(answer);
    if (this.answers.passwordSent && this.questions.refused?.test(line))
      return this.verdict(this.answers.password());
    const verdict = this.rest.decide(tail);
    if (verdict && "fail" in verdict)
      return { ...verdict, ...this.verdict(this.answers.unanswered(line, before)) };
    return verdict ?? this.stranger(line, before);
  }

  private known(line: string, before: string): LoginAnswer | undefined {
    const { usernameAt, passwordAt } = this.questions;
    if (passwordAt?.test(line)) return this.answers.answer(line, before, "password");
    if (usernameAt?.test(line)) return this.answers.answer(line, before, "username");
    if (line.length > LONGEST_QUESTION || !ASKS.test(line)) return this.answers.listed(line);
    return this.answers.answer(line, before, "other");
  }

  private verdict(answer: LoginAnswer): NonNullable<Verdict<LoginEnded>> {
    if ("fail" in answer) return { ...answer, settleMs: FAIL_SETTLE_MS };
    if ("later" in answer)
      return { finish: { mode: undefined, later: answer.later }, settleMs: ANSWER_SETTLE_MS };
    const { text, secret, used } = answer;
    return { write: text + this.lineEnd, secret, written: used, settleMs: ANSWER_SETTLE_MS };
  }

  /** A last line that no pattern knows: believed when the device has nothing to add. */
  private stranger(line: string, before: string): Verdict<LoginEnded> {
    if (this.mode === undefined || !TERMINATED.test(line)) return undefined;
    if (CHOICE.test(line))
      return { ...this.verdict(this.answers.unanswered(line, before)), settleMs: STRANGER_MS };
    return { finish: { mode: this.mode, stranger: true }, settleMs: STRANGER_MS };
  }
}

/** The login questions that a platform's file names. */
export function loginQuestions(platform: Platform): LoginQuestions {
  const { login } = platform;
  return {
    ...(login?.usernameAt !== undefined && { usernameAt: new RegExp(login.usernameAt, "i") }),
    ...(login?.passwordAt !== undefined && { passwordAt: new RegExp(login.passwordAt, "i") }),
    ...(login?.refused !== undefined && { refused: new RegExp(login.refused, "i") }),
    wake: login?.wake ?? false,
  };
}
