import type { ExpectChannel, Reply, Verdict } from "../../../src/device/expect.ts";
import { type Credential, type DialogueStep, deviceErrors } from "../../../src/plugin/index.ts";
import { type FailureRules, failedLine, failureRules } from "./failures.ts";
import { cleanOutput } from "./output.ts";
import { type FullStep, type Platform, roleMode, type Steps, stepList } from "./platform.ts";
import { Prompts } from "./prompts.ts";
import { looksLikeQuestion, PAGER } from "./questions.ts";

export interface CliOptions {
  readonly device: string;
  readonly platform: Platform;
  readonly credential: Credential;
  /** Longest silence in milliseconds where nothing else is said. */
  readonly readTimeoutMs: number;
  /** A prompt that the platform does not know, as a regular expression for the last line. */
  readonly promptPattern?: string;
}

export interface Input {
  readonly send: string;
  /** The mode that this input should lead to. */
  readonly towards?: string;
  readonly dialogue?: readonly DialogueStep[];
  readonly step?: FullStep;
  readonly silenceMs?: number;
  readonly signal?: AbortSignal;
  readonly onText?: (text: string) => void;
  /** Answers of the platform itself may be given (never for a user's own command). */
  readonly own?: boolean;
}

export interface Answer {
  readonly output: string;
  /** Echo, output and prompt as they came. */
  readonly prompt: string;
  /** Absent: ended at `endsAt`, at no prompt. */
  readonly mode: string | undefined;
}

/** A question that nothing answers is believed after this silence: it may be a piece of output. */
const QUESTION_SETTLE_MS = 200;
/** A device that has shown no known prompt is taken at its word after this silence. */
const FIRST_PROMPT_MS = 700;
const UNTERMINATED = /[>#$%\]:]\s*$/;

/** A command line on a device: knows its mode, walks between modes, and sends nothing unless the device is at a prompt. */
export class Cli {
  readonly channel: ExpectChannel;
  readonly platform: Platform;
  readonly prompts: Prompts;
  readonly failures: FailureRules;
  mode: string | undefined;
  lastPrompt = "";
  private readonly options: CliOptions;
  private readonly questions: readonly RegExp[];
  private readonly pagers: readonly { prompt: RegExp; send: string }[];
  private echoes: boolean;

  constructor(channel: ExpectChannel, options: CliOptions) {
    this.channel = channel;
    this.options = options;
    this.platform = options.platform;
    this.prompts = new Prompts(options.platform, options.promptPattern);
    this.failures = failureRules(options.platform);
    this.echoes = options.platform.echo === "on";
    this.questions = options.platform.questions.map((source) => new RegExp(source));
    this.pagers = (options.platform.pagers ?? []).map((p) => ({
      prompt: new RegExp(p.prompt),
      send: p.send,
    }));
  }

  /** From the open channel to a prompt with paging off. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.login(signal);
    await this.steps(this.platform.onOpen, signal);
    this.channel.stripAnsi = this.platform.stripAnsi;
  }

  /** Sends one input and waits for the prompt. Output is cleaned of echo and prompt; refusals are the caller's to find. */
  async input(input: Input): Promise<Answer> {
    this.refuseInDialogue(input.send);
    const text = input.send;
    const echo = this.echoes && input.step?.echo !== false && text !== "" ? text : undefined;
    const reply = await this.channel.exchange({
      send: text + this.platform.lineEnd,
      ...(echo !== undefined && { echo }),
      decide: this.judge(input),
      silenceMs: input.silenceMs ?? this.options.readTimeoutMs,
      label: text,
      ...(input.signal && { signal: input.signal }),
      ...(input.onText && { onText: input.onText }),
    });
    if (echo !== undefined && !reply.echoed) this.echoes = false;
    return this.arrived(reply, text);
  }

  /** Goes to a mode by the shortest way. Throws `EnableFailed` or `ConfigModeFailed` with the device's answer. */
  async enter(mode: string, signal?: AbortSignal): Promise<void> {
    for (let moves = 0; this.mode !== mode; moves++) {
      const from = this.mode;
      const way = from === undefined ? undefined : path(this.platform, from, mode);
      const next = way?.[0];
      if (from === undefined || next === undefined || moves > 6)
        throw this.cannotEnter(mode, `no way from ${from ?? "here"} to ${mode}`);
      let said = "";
      for (const step of stepList(this.platform.modes[from]?.to[next])) {
        const answer = await this.step(step, signal, next);
        said = answer.output;
      }
      if (this.mode === from || this.mode === undefined)
        throw this.cannotEnter(next, said.trim().slice(-200) || "the prompt did not change");
    }
  }

  /** Runs steps in order; a step that fails and is not optional throws `CommandRejected`. */
  async steps(
    steps: Steps,
    signal?: AbortSignal,
    values: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    let said = "";
    for (const step of stepList(steps)) {
      if (step.when !== undefined && !new RegExp(step.when, "m").test(said)) continue;
      if (step.unless !== undefined && new RegExp(step.unless, "m").test(said)) continue;
      if (step.in !== undefined) await this.enter(step.in, signal);
      if (step.wait === false) {
        this.channel.write(this.fill(step.send, values) + this.platform.lineEnd);
        continue;
      }
      const answer = await this.step({ ...step, send: this.fill(step.send, values) }, signal);
      said = answer.output;
      const failed = this.failed(said, step);
      if (failed !== undefined && !step.optional) {
        throw deviceErrors.CommandRejected({
          device: this.options.device,
          command: step.send,
          answer: failed,
        });
      }
    }
    return said;
  }

  /** Leaves politely: out of configuration mode, then the platform's last words. */
  async close(signal?: AbortSignal): Promise<void> {
    if (this.channel.isClosed || this.channel.outOfStep) return;
    const config = roleMode(this.platform, "config");
    const home = roleMode(this.platform, "privileged");
    if (this.mode === config && home !== undefined && home !== config) await this.enter(home, signal);
    await this.steps(this.platform.onClose, signal);
  }

  private step(step: FullStep, signal: AbortSignal | undefined, towards?: string): Promise<Answer> {
    return this.input({
      send: this.fill(step.send, {}),
      step,
      own: true,
      ...(towards !== undefined && { towards }),
      ...(step.timeoutSeconds !== undefined && { silenceMs: step.timeoutSeconds * 1000 }),
      ...(signal && { signal }),
    });
  }

  private failed(answer: string, step: FullStep): string | undefined {
    const listed = failedLine(answer, this.failures, step.fails);
    if (listed !== undefined) return listed;
    if (step.succeeds !== undefined && !new RegExp(step.succeeds, "m").test(answer))
      return answer.trim().slice(-300);
    return undefined;
  }

  private async login(signal: AbortSignal | undefined): Promise<void> {
    const { login, lineEnd } = this.platform;
    const step: FullStep = {
      send: "",
      ...(login?.usernameAt !== undefined && { usernameAt: login.usernameAt }),
      ...(login?.passwordAt !== undefined && { secretAt: login.passwordAt, secret: "password" }),
      answers: login?.answers ?? {},
    };
    this.channel.stripAnsi = true;
    const judge = this.judge({ send: "", step, own: true });
    const reply = await this.channel.exchange<Judged>({
      ...(login?.wake && { send: lineEnd }),
      decide: (tail) => judge(tail, true) ?? this.stranger(tail),
      silenceMs: this.options.readTimeoutMs,
      label: "the first prompt",
      ...(signal && { signal }),
    });
    this.arrived(reply, "");
  }

  /** A last line that no pattern knows, at the first prompt: believed when the device has nothing to add. */
  private stranger(tail: string): Verdict<Judged> {
    const mode = roleMode(this.platform, "exec");
    if (mode === undefined || !UNTERMINATED.test(tail) || looksLikeQuestion(tail)) return undefined;
    return { finish: { mode, stranger: true }, settleMs: FIRST_PROMPT_MS };
  }

  private arrived(reply: Reply<Judged>, sent: string): Answer {
    const { mode, stranger } = reply.value;
    this.mode = mode;
    if (mode !== undefined) {
      this.lastPrompt = reply.tail.trimEnd();
      if (stranger) this.prompts.adopt(reply.tail, mode);
      else this.prompts.learn(reply.tail, mode);
    }
    return { output: cleanOutput(reply.text, sent, this.platform), prompt: reply.tail, mode };
  }

  private judge(input: Input): (tail: string, echoed: boolean) => Verdict<Judged> {
    const { step, dialogue = [] } = input;
    const lineEnd = this.platform.lineEnd;
    const answers = Object.entries({ ...step?.answers, ...(input.own && this.platform.answers) });
    const endsAt = step?.endsAt === undefined ? undefined : new RegExp(step.endsAt);
    let next = 0;
    let secrets = 0;
    return (tail) => {
      const line = tail.trimEnd();
      const wanted = dialogue[next];
      if (wanted && new RegExp(wanted.expect).test(tail)) {
        const text = wanted.send ?? this.options.credential.data[wanted.secretKey ?? ""] ?? "";
        next++;
        return { write: text + lineEnd, secret: wanted.secretKey !== undefined };
      }
      const prompt = this.prompts.recognise(line, input.towards, this.mode);
      if (prompt) return { finish: { mode: prompt.mode }, settleMs: prompt.settleMs };
      if (endsAt?.test(tail)) return { finish: { mode: undefined } };
      if (step?.secretAt !== undefined && new RegExp(step.secretAt).test(tail)) {
        if (secrets++ > 0) return { fail: () => this.enableFailed("the secret was refused") };
        const secret = this.secret(step);
        if (secret === undefined)
          return { fail: () => this.enableFailed("it asks for a password and the credential has none") };
        return { write: secret + lineEnd, secret: true };
      }
      if (step?.usernameAt !== undefined && new RegExp(step.usernameAt).test(tail)) {
        return { write: (this.options.credential.username ?? "") + lineEnd };
      }
      const answer = answers.find(([question]) => new RegExp(question).test(tail));
      if (answer) return { write: this.fill(answer[1], {}) + lineEnd };
      const pager = this.pagers.find((p) => p.prompt.test(line));
      if (pager) return { write: pager.send, erase: true };
      if (PAGER.test(line) && line.length < 120) return { write: " ", erase: true };
      if (looksLikeQuestion(line, this.questions)) {
        const question = line;
        return {
          fail: () =>
            deviceErrors.UnexpectedQuestion({ device: this.options.device, command: input.send, question }),
          settleMs: QUESTION_SETTLE_MS,
        };
      }
      return undefined;
    };
  }

  /** Nothing is ever written into an unanswered question. */
  private refuseInDialogue(command: string): void {
    const line = this.channel.lastLine.trimEnd();
    if (line === "" || this.prompts.recognise(line, undefined, this.mode)) return;
    if (looksLikeQuestion(line, this.questions)) {
      this.channel.outOfStep = true;
      throw deviceErrors.UnexpectedQuestion({ device: this.options.device, command, question: line });
    }
  }

  private secret(step: FullStep): string | undefined {
    const { credential } = this.options;
    if (step.secret === "password") return credential.password;
    if (step.secret !== undefined && step.secret !== "secret") return credential.data[step.secret];
    return credential.secret ?? credential.password;
  }

  private fill(text: string, values: Readonly<Record<string, string>>): string {
    return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const { username, password, secret } = this.options.credential;
      const known: Record<string, string | undefined> = { username, password, secret, ...values };
      return known[key] ?? whole;
    });
  }

  private enableFailed(why: string): Error {
    return deviceErrors.EnableFailed({ device: this.options.device, why });
  }

  private cannotEnter(mode: string, why: string): Error {
    if (mode === roleMode(this.platform, "privileged")) return this.enableFailed(why);
    return deviceErrors.ConfigModeFailed({
      device: this.options.device,
      why: `mode ${mode} could not be entered (${why})`,
    });
  }
}

interface Judged {
  readonly mode: string | undefined;
  readonly stranger?: boolean;
}

/** The modes to pass through from one to another, without the first; undefined where there is no way. */
export function path(platform: Platform, from: string, to: string): string[] | undefined {
  const queue: string[][] = [[from]];
  const visited = new Set([from]);
  for (let way = queue.shift(); way; way = queue.shift()) {
    const here = way.at(-1) ?? from;
    if (here === to) return way.slice(1);
    for (const next of Object.keys(platform.modes[here]?.to ?? {})) {
      if (visited.has(next)) continue;
      visited.add(next);
      queue.push([...way, next]);
    }
  }
  return undefined;
}
