import { randomBytes } from "node:crypto";
import type { ExecChannel, OutputStream, ProgramExit } from "../../../src/device/exec-channel.ts";
import { Redactor } from "../../../src/device/session-log.ts";
import { deviceErrors, type OperationContext, programErrors } from "../../../src/plugin/index.ts";
import { Conversation, type ReplyRule } from "./conversation.ts";
import { endProgram, signalCommand } from "./end-program.ts";
import { Opening } from "./opening.ts";
import { type Launch, launch, type Program } from "./program.ts";
import type { ParamikoSession } from "./session.ts";
import { refusalBefore, refusalIn } from "./sudo-refusal.ts";

export interface RunLimits {
  /** From the start to the end, in milliseconds. */
  readonly timeLimitMs?: number;
  /** Longest silence, in milliseconds. */
  readonly silenceMs?: number;
}

/** What a program left. */
export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined: the server did not say. */
  readonly exit?: ProgramExit;
  /** Why it was ended before its own end, or that the host is gone; the output until then is kept. */
  readonly error?: Error;
}

// Outputs are kept in memory until they stand in a status, which refuses larger ones anyway.
const MOST_BYTES = 32 * 1024 * 1024;

const END_OF_TRANSMISSION = "\x04";

// sudo asks at once, if it asks at all; a plain command by sudo that reads stdin gets its end after this.
const SUDO_ASKS_WITHIN_MS = 5000;

// A directory service may be slow, a second factor may be asked for.
const SUDO_BEGINS_WITHIN_MS = 60_000;

// With the password in hand sudo gives the terminal its echo back and throws away what was typed meanwhile.
const TERMINAL_SETTLES_MS = 300;

/**
 * Runs a program to its end. Throws when nothing ran: the channel was refused, or sudo did; what a program did until it was ended
 * is in the result.
 */
export async function runProgram(
  session: ParamikoSession,
  program: Program,
  replies: readonly ReplyRule[],
  limits: RunLimits,
  context: OperationContext,
): Promise<ProgramRun> {
  const password = program.sudo ? session.sudo.password : undefined;
  return runLaunched(
    session,
    program,
    launch(program, newNonce(), password !== undefined),
    replies,
    limits,
    context,
  );
}

/** Unknown to the host beforehand, so that nothing it prints can be taken for a prompt or a mark. */
export function newNonce(): string {
  return `netpulse-${randomBytes(12).toString("hex")}`;
}

/** As `runProgram`, for a line that is made already; of the program only title, sudo and terminal matter. */
export async function runLaunched(
  session: ParamikoSession,
  program: Pick<Program, "title" | "sudo" | "pty">,
  started: Launch,
  replies: readonly ReplyRule[],
  limits: RunLimits,
  context: OperationContext,
): Promise<ProgramRun> {
  const password = program.sudo ? session.sudo.password : undefined;
  const beforeOpen = () => {
    if (context.signal.aborted) throw aborted(session.device, context.signal);
    context.beforeWrite();
  };
  const channel = await session.connection.exec(started.line, { pty: program.pty, beforeOpen });
  session.running.add(channel);
  void channel.gone.then(() => session.running.delete(channel));
  const run = new Run(session, program, started, channel, new Conversation(replies), password, context);
  return run.toEnd(limits);
}

class Run {
  private readonly session: ParamikoSession;
  private readonly program: Pick<Program, "title" | "sudo" | "pty">;
  private readonly launch: Launch;
  private readonly channel: ExecChannel;
  private readonly conversation: Conversation;
  private readonly password: string | undefined;
  private readonly context: OperationContext;
  private readonly opening: Opening;
  private readonly decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  private readonly output = { stdout: "", stderr: "" };
  private readonly timers = new Set<NodeJS.Timeout>();
  private silence: NodeJS.Timeout | undefined;
  private bytes = 0;
  private begun: boolean;
  private pid: number | undefined;
  /** sudo may still ask for the password. */
  private asking: boolean;
  /** Masks secrets that the terminal has shown. */
  private echoed: Redactor | undefined;
  private inputEnded = false;
  private passwordSent = false;
  /** Why sudo gets no answer. */
  private refusal: unknown;
  private error: Error | undefined;

  constructor(
    session: ParamikoSession,
    program: Pick<Program, "title" | "sudo" | "pty">,
    started: Launch,
    channel: ExecChannel,
    conversation: Conversation,
    password: string | undefined,
    context: OperationContext,
  ) {
    this.session = session;
    this.program = program;
    this.launch = started;
    this.channel = channel;
    this.conversation = conversation;
    this.password = password;
    this.context = context;
    this.opening = new Opening(started, program.pty);
    this.begun = started.mark === undefined;
    this.asking = started.sudoPrompt !== undefined;
  }

  async toEnd({ timeLimitMs, silenceMs }: RunLimits): Promise<ProgramRun> {
    const { channel, context, session } = this;
    const onAbort = () => this.stop(aborted(session.device, context.signal));
    if (context.signal.aborted) onAbort();
    context.signal.addEventListener("abort", onAbort, { once: true });
    if (this.program.sudo) this.after(SUDO_BEGINS_WITHIN_MS, () => this.expectBegun());
    if (timeLimitMs !== undefined) this.after(timeLimitMs, () => this.stop(this.late(timeLimitMs)));
    const watchSilence = () => {
      if (silenceMs === undefined) return;
      clearTimeout(this.silence);
      this.silence = setTimeout(() => this.stop(this.late(silenceMs)), silenceMs);
    };
    watchSilence();
    channel.onOutput((stream, chunk) => {
      watchSilence();
      this.hear(stream, chunk);
    });
    this.endInputWhenDone();
    const exit = await channel.exit;
    context.signal.removeEventListener("abort", onAbort);
    clearTimeout(this.silence);
    for (const timer of this.timers) clearTimeout(timer);
    return this.result(exit);
  }

  /** The stream that announcements come on; a terminal has one only. */
  private get announced(): OutputStream {
    return this.program.pty ? "stdout" : "stderr";
  }

  private hear(stream: OutputStream, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > MOST_BYTES && !(stream === "stdout" && this.context.onOutput)) {
      this.stop(deviceErrors.ReplyTooLarge({ device: this.session.device, limitBytes: MOST_BYTES }));
      return;
    }
    const text = this.decoders[stream].decode(chunk, { stream: true });
    if (stream !== this.announced) {
      this.keep(stream, text);
      return;
    }
    for (const event of this.opening.read(text)) {
      if (event.kind === "output") this.keep(stream, event.text);
      else if (event.kind === "password") this.answerSudo();
      else if (event.kind === "content") this.write(this.launch.input?.content ?? "");
      else this.begin(event.pid);
    }
  }

  private keep(stream: OutputStream, raw: string): void {
    const text = this.program.pty ? raw.replaceAll("\r\n", "\n") : raw;
    this.show(stream, this.echoed ? this.echoed.push(text) : text);
    const rule = this.conversation.hear(stream, text);
    if (!rule) return;
    // A terminal shows what is typed, unless the program has switched that off.
    if (rule.secret && this.program.pty) {
      this.echoed ??= new Redactor([]);
      this.echoed.add([rule.reply]);
    }
    this.write(`${rule.reply}\n`);
    this.endInputWhenDone();
  }

  private show(stream: OutputStream, text: string): void {
    if (stream === "stdout" && this.context.onOutput) this.context.onOutput(text);
    else this.output[stream] += text;
  }

  /** Once: a second prompt means that the password was wrong. */
  private answerSudo(): void {
    const { sudo, device } = this.session;
    if (this.passwordSent) {
      sudo.refused();
      this.giveUpSudo(programErrors.SudoFailed({ device, why: "the password is wrong" }));
      return;
    }
    if (!this.asking || this.password === undefined) return;
    try {
      sudo.check();
    } catch (error) {
      this.giveUpSudo(error);
      return;
    }
    this.passwordSent = true;
    // sudo may lecture before it asks; the program has not begun.
    this.output[this.announced] = "";
    this.write(`${this.password}\n`);
    this.after(this.program.pty ? TERMINAL_SETTLES_MS : 0, () => this.askedEnough());
  }

  /** Without an answer sudo ends. */
  private giveUpSudo(error: unknown): void {
    this.refusal = error;
    this.channel.end();
  }

  /** sudo may ask for something else than the password, such as a code: nobody answers that. */
  private expectBegun(): void {
    if (this.begun) return;
    const asked = this.opening.waitsAfter.trim();
    this.stop(programErrors.SudoFailed({ device: this.session.device, why: `it waits: ${asked}` }));
  }

  private askedEnough(): void {
    this.asking = false;
    this.endInputWhenDone();
  }

  private begin(pid: number): void {
    this.begun = true;
    this.pid = pid;
    if (this.launch.mark?.means === "start") this.asking = false;
    else if (this.asking) this.after(SUDO_ASKS_WITHIN_MS, () => this.askedEnough());
    this.endInputWhenDone();
  }

  /** A program that nobody will answer any more reads the end of its input, instead of waiting for ever. */
  private endInputWhenDone(): void {
    if (this.inputEnded || !this.begun || this.asking || !this.conversation.over) return;
    this.inputEnded = true;
    // A terminal has no end; programs read this character as one.
    if (this.program.pty) this.write(END_OF_TRANSMISSION);
    else this.channel.end();
  }

  private write(text: string): void {
    try {
      this.context.beforeWrite();
      this.channel.write(text);
    } catch (error) {
      this.stop(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private stop(error: Error): void {
    if (this.error) return;
    this.error = error;
    void endProgram(this.channel, this.context.beforeWrite, (signal) => void this.signal(signal));
  }

  /**
   * The server sends signals to the user's own process group. Root's programs get them from a program on another channel, by sudo:
   * sudo itself would pass the server's on to one of them only.
   */
  private async signal(signal: "TERM" | "KILL"): Promise<void> {
    const { channel, pid, program } = this;
    if (!program.sudo || pid === undefined) channel.signal(signal);
    if (pid === undefined) return;
    const command = signalCommand(pid, signal);
    const killer: Program = {
      title: "kill",
      run: { command },
      environment: {},
      sudo: program.sudo,
      pty: false,
    };
    // Its own signal: the one of the work may be what ends the program.
    const context = { ...this.context, signal: new AbortController().signal };
    const run = await runProgram(this.session, killer, [], {}, context).catch(() => undefined);
    if (run?.exit?.status !== 0) channel.signal(signal);
  }

  private result(exit: ProgramExit | undefined): ProgramRun {
    const { session, opening, output, decoders } = this;
    this.show(this.announced, `${this.echoed?.end() ?? ""}${opening.end()}`);
    for (const stream of ["stdout", "stderr"] as const) output[stream] += decoders[stream].decode();
    const error = this.error ?? (exit ? undefined : this.goneError());
    if (this.refusal !== undefined) throw this.refusal;
    const why = error ? undefined : this.sudoRefusal(exit);
    if (this.passwordSent && !error && why === undefined) session.sudo.accepted();
    if (why !== undefined) throw programErrors.SudoFailed({ device: session.device, why });
    return { ...output, ...(exit && { exit }), ...(error && { error }) };
  }

  private sudoRefusal(exit: ProgramExit | undefined): string | undefined {
    const { begun, launch: started, opening, program } = this;
    if (!program.sudo) return undefined;
    return started.mark?.means === "start"
      ? refusalBefore(begun, opening.preamble, exit?.status)
      : refusalIn(this.output[this.announced], exit?.status);
  }

  /** Without an exit status: a host whose connection has ended, or one that does not say. */
  private goneError(): Error | undefined {
    if (!this.session.gone) return undefined;
    const tail = (this.output.stdout || this.output.stderr).slice(-200);
    return deviceErrors.SessionClosed({ device: this.session.device, tail });
  }

  private late(waitedMs: number): Error {
    return deviceErrors.OperationTimeout({
      device: this.session.device,
      command: this.program.title,
      waitedMs,
    });
  }

  private after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }
}

function aborted(device: string, signal: AbortSignal): Error {
  const why = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
  return deviceErrors.OperationAborted({ device, why });
}
