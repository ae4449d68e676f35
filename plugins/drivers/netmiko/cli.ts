import { beforeLog } from "../../../src/device/console-server/device-log.ts";
import type { ExpectChannel, Reply } from "../../../src/device/expect.ts";
import { LoginAnswers, type LoginAnswersOptions } from "../../../src/device/login-answers.ts";
import { type Credential, deviceErrors, NetPulseError } from "../../../src/plugin/index.ts";
import { type FailureRules, failedLine, failureRules } from "./failures.ts";
import { type Ended, type Expectations, fillCredential, Judge, type SessionFacts } from "./judge.ts";
import { type LoginEnded, LoginJudge, type LoginQuestions, loginQuestions } from "./login.ts";
import { wayTo } from "./mode-graph.ts";
import { cleanOutput } from "./output.ts";
import { type FullStep, homeMode, type Platform, roleMode, type Steps, stepList } from "./platform.ts";
import { Prompts } from "./prompts.ts";
import { looksLikeQuestion } from "./questions.ts";

export interface CliOptions {
  readonly device: string;
  readonly platform: Platform;
  readonly credential: Credential;
  /** Longest silence in milliseconds where nothing else is said. */
  readonly readTimeoutMs: number;
  /** A prompt that the platform does not know, as a regular expression for the last line. */
  readonly promptPattern?: string;
  /** Questions of a login inside the session, instead of the platform's. */
  readonly login?: LoginQuestions;
  /** How it answers beyond user name and password. */
  readonly loginWith?: Pick<LoginAnswersOptions, "manner" | "codes" | "onSecret">;
  /** Longest silence of a login that a person has to confirm, in milliseconds. */
  readonly pushMs?: number;
  /** The session outlives the connection: it may be found in any state, and is logged out of by others' means. */
  readonly onLine?: boolean;
}

export interface Input extends Expectations {
  readonly send: string;
  /** `false`: exactly `send`, without line end. */
  readonly lineEnd?: boolean;
  /** `false`: do not wait for the echo. Absent: as the device is known to do. */
  readonly echo?: boolean;
  readonly silenceMs?: number;
  /** Ends after this silence even without a prompt. */
  readonly quietMs?: number;
  /** Lines that count as the last one, where more than the platform's. */
  readonly tailLines?: number;
  readonly signal?: AbortSignal;
  readonly onText?: (text: string) => void;
}

export interface Answer {
  /** Without echo and prompt. */
  readonly output: string;
  /** Everything after the echo and before the prompt, as it came. */
  readonly raw: string;
  /** The line that ended it. */
  readonly prompt: string;
  /** Absent: it ended at no prompt but at a text that was waited for, or in silence. */
  readonly mode: string | undefined;
  /** Whether the device sent the input back. */
  readonly echoed: boolean;
}

const MOST_MOVES = 6;
/** Log messages after a prompt that do not hide it. */
const LOG_LINES = 6;
/** Lines before a question of the login that may say what it is about. */
const LOGIN_LINES = 8;

/** A command line on a device: knows its mode, walks between modes, and sends nothing unless the device is at a prompt. */
export class Cli {
  readonly channel: ExpectChannel;
  readonly platform: Platform;
  readonly failures: FailureRules;
  readonly device: string;
  /** The mode of the last prompt; undefined when the last exchange ended elsewhere. */
  mode: string | undefined;
  lastPrompt = "";
  /** The mode of the first prompt. */
  private loginMode: string | undefined;
  /** What the device showed between login and first prompt. */
  greeting = "";
  /** On a line: whether it stood at a prompt, as somebody had left it, without a login. */
  foundOpen = false;
  /** Whether something was sent that ends the session. */
  goodbyeSaid = false;
  /** While set, receives what a terminal would have shown: echoes, answers, prompts. */
  transcript: string[] | undefined;
  /** What takes back settings that outlive the session, the last one first. */
  private readonly undoing: string[] = [];
  private readonly options: CliOptions;
  private readonly facts: SessionFacts;
  private echoes: boolean;
  private answerExpected = false;

  constructor(channel: ExpectChannel, options: CliOptions) {
    const { platform, device } = options;
    this.channel = channel;
    this.options = options;
    this.platform = platform;
    this.device = device;
    this.failures = failureRules(platform);
    this.echoes = platform.echo === "on";
    this.facts = {
      device,
      platform,
      credential: options.credential,
      prompts: new Prompts(platform, options.promptPattern),
      questions: platform.questions.map((source) => new RegExp(source)),
      pagers: (platform.pagers ?? []).map((p) => ({ prompt: new RegExp(p.prompt), send: p.send })),
    };
  }

  /** Whether it stands at a text that was waited for (`expect_string`) and not at a prompt. */
  get awaitsAnswer(): boolean {
    return this.answerExpected;
  }

  /** The mode whose prompt a line is; undefined for one that the platform does not know. */
  modeAt(line: string): string | undefined {
    return this.facts.prompts.recognise(line, undefined, this.mode)?.mode;
  }

  /** From an open channel to a prompt with paging off. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.login(signal);
    if (this.foundOpen) await this.tidy(signal);
    await this.prepare(signal);
  }

  /** Takes over a channel that already stands at a prompt. */
  async takeOver(prompt: string, signal?: AbortSignal): Promise<void> {
    const mode =
      this.facts.prompts.recognise(prompt, undefined, undefined)?.mode ?? roleMode(this.platform, "exec");
    if (mode !== undefined) this.facts.prompts.adopt(prompt, mode);
    this.mode = mode;
    this.loginMode = mode;
    this.lastPrompt = prompt.trimEnd();
    await this.prepare(signal);
  }

  /** Sends one input and waits for the prompt. Whether the answer is a refusal is the caller's to find out. */
  async input(input: Input): Promise<Answer> {
    this.refuseInDialogue(input.send);
    const text = input.send;
    const waitsForEcho = (input.echo ?? this.echoes) && input.step?.echo !== false && text.trim() !== "";
    const judge = new Judge(this.facts, text, input, this.mode);
    const { quietMs, tailLines } = input;
    const reply = await this.channel.exchange<Ended>({
      send: input.lineEnd === false ? text : text + this.platform.lineEnd,
      ...(waitsForEcho && { echo: text }),
      decide: (tail) => judge.decide(this.withoutLog(tail, tailLines)),
      silenceMs: input.silenceMs ?? this.options.readTimeoutMs,
      label: text,
      ...(quietMs !== undefined && { whenQuiet: { afterMs: quietMs, finish: { mode: undefined } } }),
      ...this.linesToSee(tailLines),
      ...(input.signal && { signal: input.signal }),
      ...(input.onText && { onText: input.onText }),
    });
    if (waitsForEcho && !reply.echoed && input.echo === undefined) this.echoes = false;
    this.transcript?.push(`${text}\n${reply.text}${reply.tail}`);
    return this.arrived(reply, text);
  }

  /** Goes to a mode by the shortest way. Throws `EnableFailed` or `ConfigModeFailed` with the device's answer. */
  async enter(mode: string, signal?: AbortSignal): Promise<void> {
    for (let moves = 0; this.mode !== mode; moves++) {
      const from = this.mode;
      const next = from === undefined ? undefined : wayTo(this.platform, from, mode)?.[0];
      if (from === undefined || next === undefined || moves > MOST_MOVES) {
        throw this.cannotEnter(mode, `there is no way from ${from ?? "here"} to ${mode}`);
      }
      const steps = stepList(this.platform.modes[from]?.to[next]);
      const before = this.lastPrompt;
      let said = "";
      for (const step of steps) said = (await this.step(step, signal, next)).output;
      // `exit` leaves one level only: (config-if) is still configuration mode. A secret is never tried again.
      const outwards = this.lastPrompt !== before && steps.every((step) => step.secretAt === undefined);
      if (this.mode === undefined || (this.mode === from && !outwards)) {
        throw this.cannotEnter(next, said.trim().slice(-200) || "the prompt did not change");
      }
    }
  }

  /** Goes to a mode by a command of the caller's own. */
  async enterBy(command: string, mode: string, signal?: AbortSignal): Promise<void> {
    if (this.mode === mode) return;
    const { output } = await this.step({ send: command }, signal, mode);
    if (this.mode !== mode)
      throw this.cannotEnter(mode, output.trim().slice(-200) || "the prompt did not change");
  }

  /** Runs steps in order; a step that fails and is not optional throws `CommandRejected`. Returns the last answer. */
  async steps(
    steps: Steps | undefined,
    signal?: AbortSignal,
    values: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    let said = "";
    for (const step of stepList(steps)) {
      if (step.when !== undefined && !new RegExp(step.when, "m").test(said)) continue;
      if (step.unless !== undefined && new RegExp(step.unless, "m").test(said)) continue;
      if (!(await this.reached(step, signal))) continue;
      const send = fillCredential(step.send, this.options.credential, values);
      if (step.wait === false) {
        this.channel.write(send + this.platform.lineEnd);
        this.goodbyeSaid = true;
        continue;
      }
      said = (await this.step({ ...step, send }, signal)).output;
      const failed = this.refusal(said, step);
      if (failed !== undefined && !step.optional) {
        throw deviceErrors.CommandRejected({ device: this.device, command: step.send, answer: failed });
      }
      if (failed === undefined && step.undo) this.undoing.unshift(...step.undo);
    }
    return said;
  }

  /** In the step's mode; false: an optional one is left out, because the device stays where it is. */
  private async reached(step: FullStep, signal: AbortSignal | undefined): Promise<boolean> {
    if (step.in === undefined) return true;
    try {
      await this.enter(step.in, signal);
      return true;
    } catch (failure) {
      if (!step.optional || this.channel.outOfStep || this.channel.isClosed) throw failure;
      return false;
    }
  }

  /** The mode of the prompt that the device stands at, or comes to within a time; nothing is written. */
  async late(waitMs: number, signal?: AbortSignal): Promise<string | undefined> {
    const judge = new Judge(this.facts, "a late answer", {}, this.mode);
    try {
      const reply = await this.channel.exchange<Ended>({
        decide: (tail) => judge.decide(tail),
        silenceMs: waitMs,
        label: "a late answer",
        ...(signal && { signal }),
      });
      return this.arrived(reply, "").mode;
    } catch {
      return undefined;
    }
  }

  /** Leaves politely: out of configuration mode, then the platform's last words. */
  async close(signal?: AbortSignal): Promise<void> {
    if (this.channel.isClosed || this.channel.outOfStep) return;
    await this.leaveConfig(signal);
    await this.steps(
      this.undoing.splice(0).map((send) => ({ send, optional: true })),
      signal,
    );
    const { onLine } = this.options;
    await this.steps(
      stepList(this.platform.onClose).filter(({ wait }) => !onLine || wait !== false),
      signal,
    );
  }

  /** Out of configuration mode, if it is in it. */
  async leaveConfig(signal?: AbortSignal): Promise<void> {
    // Whoever logs in as root is in that mode from the beginning: leaving it would end the session.
    if (this.mode === undefined || this.mode === this.loginMode) return;
    const home = homeMode(this.platform);
    const inside = [roleMode(this.platform, "config"), this.platform.candidate?.mode];
    if (home !== undefined && this.mode !== home && inside.includes(this.mode))
      await this.enter(home, signal);
  }

  /** Out of the modes in which somebody has left it: this login has not earned them. */
  private async tidy(signal: AbortSignal | undefined): Promise<void> {
    this.loginMode = roleMode(this.platform, "exec");
    await this.leaveConfig(signal);
    const earned = this.loginMode;
    if (earned === undefined || this.mode === undefined || this.mode === earned) return;
    if (wayTo(this.platform, this.mode, earned)) await this.enter(earned, signal);
  }

  private async prepare(signal: AbortSignal | undefined): Promise<void> {
    await this.steps(this.platform.onOpen, signal);
    this.channel.stripAnsi = this.platform.stripAnsi;
  }

  private step(step: FullStep, signal: AbortSignal | undefined, towards?: string): Promise<Answer> {
    return this.input({
      send: fillCredential(step.send, this.options.credential),
      step,
      own: true,
      ...(towards !== undefined && { towards }),
      ...(step.timeoutSeconds !== undefined && { silenceMs: step.timeoutSeconds * 1000 }),
      ...(signal && { signal }),
    });
  }

  private refusal(answer: string, step: FullStep): string | undefined {
    const listed = failedLine(answer, this.failures, step.fails);
    if (listed !== undefined) return listed;
    const confirmed = step.succeeds === undefined || new RegExp(step.succeeds, "m").test(answer);
    return confirmed ? undefined : answer.trim().slice(-300);
  }

  private async login(signal: AbortSignal | undefined): Promise<void> {
    const { device, platform } = this;
    const questions = this.options.login ?? loginQuestions(platform);
    const listed = platform.login?.answers ?? {};
    const rest = new Judge(
      this.facts,
      "the login",
      { step: { send: "", answers: listed }, own: true },
      undefined,
    );
    const mode = roleMode(platform, "exec");
    const answers = new LoginAnswers({
      device,
      credential: this.options.credential,
      method: "login inside the session",
      ...this.options.loginWith,
    });
    const judge = new LoginJudge(answers, questions, platform.lineEnd, rest, mode);
    this.channel.stripAnsi = true;
    const { readTimeoutMs, pushMs = 0 } = this.options;
    let send = questions.wake ? platform.lineEnd : undefined;
    let secret = false;
    try {
      for (;;) {
        const reply = await this.channel.exchange<LoginEnded>({
          ...(send !== undefined && { send, secret }),
          decide: (tail) => judge.decide(this.withoutLog(tail, LOGIN_LINES)),
          silenceMs: Math.max(readTimeoutMs, pushMs),
          tailLines: LOGIN_LINES,
          label: "the first prompt",
          ...(signal && { signal }),
        });
        this.greeting += reply.text;
        if (!reply.value.later) {
          this.loginMode = this.arrived(reply, "").mode;
          this.foundOpen = this.options.onLine === true && answers.unasked;
          return;
        }
        send = (await reply.value.later()) + platform.lineEnd;
        secret = true;
      }
    } catch (error) {
      this.channel.outOfStep = true;
      throw answers.masked(closedAfterPassword(error, answers, questions) ?? error);
    }
  }

  /** What a judge is to see of the last lines: on a line of a console server the device's log may have come after them. */
  private withoutLog(tail: string, lines = this.platform.promptLines): string {
    if (!this.options.onLine) return tail;
    return beforeLog(tail).split("\n").slice(-lines).join("\n");
  }

  private linesToSee(lines: number | undefined): { tailLines?: number } {
    if (this.options.onLine) return { tailLines: (lines ?? this.platform.promptLines) + LOG_LINES };
    return lines === undefined ? {} : { tailLines: lines };
  }

  private arrived(given: Reply<Ended>, sent: string): Answer {
    const reply = this.options.onLine ? atPrompt(given) : given;
    const { mode, stranger } = reply.value;
    this.mode = mode;
    this.answerExpected = mode === undefined;
    if (mode !== undefined) {
      this.lastPrompt = reply.tail.trimEnd();
      if (stranger) this.facts.prompts.adopt(reply.tail, mode);
      else this.facts.prompts.learn(reply.tail, mode);
    }
    return {
      output: cleanOutput(reply.text, sent, this.platform),
      raw: reply.text,
      prompt: reply.tail,
      mode,
      echoed: reply.echoed,
    };
  }

  /** Nothing is ever written into a question that was not waited for. */
  private refuseInDialogue(command: string): void {
    const line = this.channel.lastLine.trimEnd();
    if (line === "" || this.answerExpected || this.facts.prompts.recognise(line, undefined, this.mode))
      return;
    if (looksLikeQuestion(line, this.facts.questions)) {
      this.channel.outOfStep = true;
      throw deviceErrors.UnexpectedQuestion({ device: this.device, command, question: line });
    }
  }

  private cannotEnter(mode: string, why: string): Error {
    if (mode === roleMode(this.platform, "privileged"))
      return deviceErrors.EnableFailed({ device: this.device, why });
    return deviceErrors.ConfigModeFailed({
      device: this.device,
      why: `mode ${mode} could not be entered (${why})`,
    });
  }
}

/** A reply whose prompt was followed by log messages, as if they had not come. */
function atPrompt<T extends Ended>(reply: Reply<T>): Reply<T> {
  if (reply.value.mode === undefined || reply.tail.trim() !== "") return reply;
  const whole = beforeLog(reply.text + reply.tail);
  const at = whole.lastIndexOf("\n") + 1;
  return { ...reply, text: whole.slice(0, at), tail: whole.slice(at) };
}

/** A device that says no and hangs up has refused the password. */
function closedAfterPassword(
  error: unknown,
  answers: LoginAnswers,
  { refused }: LoginQuestions,
): Error | undefined {
  const said = error instanceof NetPulseError && error.code === "SessionClosed" ? error.message : undefined;
  if (said === undefined || !answers.passwordSent || !refused?.test(said)) return undefined;
  const answer = answers.password();
  return "fail" in answer ? answer.fail() : undefined;
}
