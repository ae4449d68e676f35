import { NetPulseError } from "../../errors/define.ts";
import { deviceErrors } from "../../errors/device.ts";
import { loginErrors } from "../../errors/login.ts";
import type { ExpectChannel, Verdict } from "../expect.ts";
import type { LoginAnswer, LoginAnswers } from "../login-answers.ts";
import { beforeLog } from "./device-log.ts";
import type { ConsoleKind } from "./kinds.ts";

export interface ConsoleLineOptions {
  /** Name for messages. */
  readonly device: string;
  /** The console server's name for messages. */
  readonly server: string;
  readonly kind: ConsoleKind;
  /** What connects to the line at the server's prompt: `connect 7`. Absent: the connection is the line. */
  readonly command?: string;
  /** The server's prompt, where `command` waits for it. */
  readonly prompt?: RegExp;
  /** Answers the server's own login inside the session; absent: it has none. */
  readonly login?: LoginAnswers;
  /** What makes the device show something. */
  readonly wake: string;
  /** Put another user out, where the kind can. */
  readonly force: boolean;
}

/** Ends a line to the server and to the device: a serial line has nothing else. */
export const CONSOLE_ENTER = "\r";

/** A server that has nothing more to say is silent for so long. */
const SERVER_QUIET_MS = 1500;
/** Without a login or a command nothing is expected of the server but, perhaps, that the line is in use. */
const GREETING_QUIET_MS = 300;
/** A device on a slow line shows its prompt within this time, and it stands unchanged for `SETTLED_MS`. */
const WAKE_QUIET_MS = 1500;
const SETTLED_MS = 150;
const MOST_WAKES = 5;
/** Lines that are looked at: what a server says about a line is followed by other lines. The channel has to remember as many from the beginning. */
export const CONSOLE_LINES = 8;
const SILENCE_MS = 15_000;
/** How deep in modes and shells somebody may have left the device. */
const MOST_EXITS = 8;
const EXIT_QUIET_MS = 1000;
/** A worker gives a session 5 s to end; after that the device may be another worker's. */
const LONGEST_LEAVE_MS = 4000;

const SERVER_PROMPT = /[>#$%\]:]\s*$/;
const PRESS_RETURN = /\b(?:press|hit) (?:\S+ )?<?(?:return|enter|cr|any key)>?\b/i;
const PROMPT = /[>#$%\]]\s*$/;
const LOGIN = /(?:\b(?:login|user ?name|user)|assword) ?: *$/i;
const LOGGED_OUT =
  /\b(?:is now available|press (?:\S+ )?<?(?:return|enter)>?|logged out|connection closed)\b/i;

type Step = "line" | "prompt" | "quiet" | { readonly later: () => Promise<string> };

/** One line of a console server: the way to it, and back. */
export class ConsoleLine {
  readonly channel: ExpectChannel;
  private readonly options: ConsoleLineOptions;
  private forced = false;
  /** Whether the device has given a sign of life: before that there is nothing to log out of, and perhaps somebody else's session. */
  private reached = false;
  /** Ends the leaving. */
  private leaving: AbortSignal | undefined;

  constructor(channel: ExpectChannel, options: ConsoleLineOptions) {
    this.channel = channel;
    this.options = options;
  }

  /**
   * Goes from an open connection to the device's first sign of life, which then stands in the channel's last line: its own login
   * question or its prompt. Throws `ConsoleBusy`, `ConsoleSilent`, what a login throws, or what the channel throws.
   */
  async reach(signal?: AbortSignal): Promise<void> {
    const { command, login } = this.options;
    try {
      if (login || command !== undefined) await this.toServer(signal);
      else await this.listen(GREETING_QUIET_MS, signal);
      if (command !== undefined) await this.listen(SERVER_QUIET_MS, signal, command + CONSOLE_ENTER);
      await this.wake(signal);
      this.reached = true;
    } catch (error) {
      throw this.explained(error);
    }
  }

  /**
   * Logs out of the device, and gives the line back. `outOfStep`: nobody knows what the device does; it is interrupted first, and a question that
   * stands even then is left alone. Takes `LONGEST_LEAVE_MS` at most, or until the signal is aborted. Never throws.
   */
  async leave(logout: string, outOfStep: boolean, given?: AbortSignal): Promise<void> {
    const { channel } = this;
    const limit = AbortSignal.timeout(LONGEST_LEAVE_MS);
    this.leaving = given ? AbortSignal.any([given, limit]) : limit;
    try {
      // In step it stands at a prompt, which only the answer to something new may change.
      let state = await this.stand(outOfStep);
      for (let exits = 0; state === "prompt" && exits < MOST_EXITS; exits++)
        state = await this.look(logout + CONSOLE_ENTER);
      for (const text of this.options.kind.leave) {
        channel.write(text);
        await this.look(undefined);
      }
    } catch {
      // The connection has ended, or this worker may no longer write: there is nothing left to do.
    }
  }

  private async stand(outOfStep: boolean): Promise<"prompt" | "out" | "unknown"> {
    if (!this.reached) return "unknown";
    return outOfStep ? this.look(INTERRUPT) : "prompt";
  }

  /** The server's login up to its prompt, or to the line where no command is needed. */
  private async toServer(signal: AbortSignal | undefined): Promise<void> {
    const { command, prompt = SERVER_PROMPT, login } = this.options;
    let send: string | undefined;
    for (let nudged = false; ; ) {
      const step = await this.exchange(SERVER_QUIET_MS, send, signal, (line, before) => {
        const answer = this.question(line, before);
        if (answer) return answer;
        if (login?.passwordSent && /\b(?:incorrect|invalid|failed|denied)\b/i.test(line))
          return this.verdict(login.password());
        if (command !== undefined && prompt.test(line)) return { finish: "prompt", settleMs: SETTLED_MS };
        return command === undefined && this.options.kind.state(`${before}${line}`) === "ready"
          ? { finish: "line" }
          : undefined;
      });
      if (typeof step === "object") send = (await step.later()) + CONSOLE_ENTER;
      else if (step === "quiet" && command !== undefined && !nudged) {
        nudged = true;
        send = CONSOLE_ENTER;
      } else return;
    }
  }

  private question(line: string, before: string): Verdict<Step> {
    const { login } = this.options;
    const answer = /[:?]\s*$/.test(line) ? login?.answer(line, before) : undefined;
    return answer && this.verdict(answer);
  }

  private verdict(answer: LoginAnswer): Verdict<Step> {
    if ("fail" in answer) return answer;
    if ("later" in answer) return { finish: { later: answer.later } };
    return { write: answer.text + CONSOLE_ENTER, secret: answer.secret, written: answer.used };
  }

  /** Lets the server speak until it is quiet or the line is connected. */
  private async listen(quietMs: number, signal: AbortSignal | undefined, send?: string): Promise<void> {
    await this.exchange(quietMs, send, signal, (line, before) =>
      this.options.kind.state(`${before}${line}`) === "ready"
        ? { finish: "line", settleMs: SETTLED_MS }
        : undefined,
    );
  }

  private async wake(signal: AbortSignal | undefined): Promise<void> {
    const { wake, device, server } = this.options;
    for (let wakes = 0; wakes < MOST_WAKES; wakes++) {
      const step = await this.exchange(WAKE_QUIET_MS, wake, signal, (line) => {
        // From here on it may be the device that speaks.
        if (line.trim() === "" || /^\s*\[.*\]\s*$/.test(line)) return undefined;
        if (PRESS_RETURN.test(line)) return { write: wake, settleMs: SETTLED_MS };
        return { finish: "line", settleMs: SETTLED_MS };
      });
      if (step === "line") return;
    }
    throw loginErrors.ConsoleSilent({ device, server, tries: MOST_WAKES });
  }

  /** One exchange in which the server may say at any time that the line is in use or not there. */
  private async exchange(
    quietMs: number,
    send: string | undefined,
    signal: AbortSignal | undefined,
    decide: (line: string, before: string) => Verdict<Step>,
  ): Promise<Step> {
    const { device, server } = this.options;
    const reply = await this.channel.exchange<Step>({
      ...(send !== undefined && { send }),
      decide: (tail) => {
        const at = tail.lastIndexOf("\n") + 1;
        return this.stateOf(tail, send === this.options.wake) ?? decide(tail.slice(at), tail.slice(0, at));
      },
      tailLines: CONSOLE_LINES,
      silenceMs: SILENCE_MS,
      whenQuiet: { afterMs: quietMs, finish: "quiet" },
      label: `the console line of ${device} on ${server}`,
      ...(signal && { signal }),
    });
    return reply.value;
  }

  private stateOf(said: string, woken: boolean): Verdict<Step> {
    const { kind, device, server, force } = this.options;
    const state = kind.state(said);
    if (state === "busy" && !this.forced) {
      if (!force || kind.takeOver === undefined)
        return { fail: () => loginErrors.ConsoleBusy({ device, server, said: oneLine(said) }) };
      this.forced = true;
      return { write: kind.takeOver };
    }
    if (state !== "refused" || woken) return undefined;
    const why = `the console server says ${JSON.stringify(oneLine(said))}`;
    return {
      fail: () => deviceErrors.ConnectFailed({ device, address: `its console line on ${server}`, why }),
    };
  }

  /** Servers that refuse a line end the connection: what they said last is the reason. */
  private explained(error: unknown): unknown {
    const { device, server, kind, login } = this.options;
    if (!(error instanceof NetPulseError)) return error;
    const masked = login?.masked(error) ?? error;
    if (error.code !== "SessionClosed") return masked;
    const said = this.channel.lastLines;
    return kind.state(said) === "busy"
      ? loginErrors.ConsoleBusy({ device, server, said: oneLine(said) })
      : masked;
  }

  /** What stands in the last line, after something was sent. */
  private async look(send: string | undefined): Promise<"prompt" | "out" | "unknown"> {
    const reply = await this.channel.exchange<"prompt" | "out" | "unknown">({
      ...(send !== undefined && { send }),
      decide: (tail) => {
        const line = beforeLog(tail).split("\n").at(-1) ?? "";
        if (LOGIN.test(line) || LOGGED_OUT.test(tail)) return { finish: "out", settleMs: SETTLED_MS };
        return PROMPT.test(line) && !QUESTION.test(line)
          ? { finish: "prompt", settleMs: SETTLED_MS }
          : undefined;
      },
      tailLines: CONSOLE_LINES,
      silenceMs: 2 * EXIT_QUIET_MS,
      whenQuiet: { afterMs: EXIT_QUIET_MS, finish: "unknown" },
      label: "the end of the session",
      ...(this.leaving && { signal: this.leaving }),
    });
    return reply.value;
  }
}

const INTERRUPT = "\x03";
const QUESTION = /\[(?:confirm|y|n|yes|no)\b[^\]]*\]\s*$|\?\s*$/i;

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
