import { deviceErrors } from "../errors/device.ts";
import { EchoFilter } from "./echo.ts";
import { Erasure } from "./erasure.ts";
import type { SessionLog } from "./session-log.ts";
import { stripAnsi, TerminalText } from "./terminal-text.ts";
import type { Transport } from "./transport.ts";

/** What to do about the last, unterminated line. `settleMs`: only if nothing follows for so long (0: in the same turn). */
export type Verdict<T> =
  | { readonly finish: T; readonly settleMs?: number }
  /** Write this and go on waiting; `erase` drops the line from the output (a pager). */
  | {
      readonly write: string;
      readonly secret?: boolean;
      readonly erase?: boolean;
      readonly settleMs?: number;
      readonly label?: string;
      /** Told when it is written; until then what arrives may lead to another verdict. */
      readonly written?: () => void;
    }
  | { readonly fail: () => Error; readonly settleMs?: number }
  | undefined;

export interface Exchange<T> {
  /** Exactly what to write, line end included; absent: only listen. */
  readonly send?: string;
  /** The text as the device will echo it. Absent: no echo is expected. */
  readonly echo?: string;
  /** Never to appear in a log. */
  readonly secret?: boolean;
  /** Judges the last line (or lines, see `tailLines`); called whenever it changed. Must be quick. */
  decide(tail: string, echoed: boolean): Verdict<T>;
  /** Longest silence in milliseconds. */
  readonly silenceMs: number;
  /** Finish after a shorter silence, whatever the last line is. */
  readonly whenQuiet?: { readonly afterMs: number; readonly finish: T };
  /** Lines that `decide` sees, where more than the channel's; it is then also called at the beginning of a new line. */
  readonly tailLines?: number;
  /** What is awaited, for messages: the command. */
  readonly label: string;
  readonly signal?: AbortSignal;
  /** Receives output as it comes, whole lines; `Reply.text` is then empty. */
  readonly onText?: (text: string) => void;
}

export interface Reply<T> {
  readonly value: T;
  /** Everything after the echo and before the line that ended the exchange. */
  readonly text: string;
  /** The line that ended it. */
  readonly tail: string;
  /** Whether the echo was seen. */
  readonly echoed: boolean;
}

export interface ExpectOptions {
  readonly device: string;
  readonly encoding: string;
  readonly stripAnsi: boolean;
  /** Lines that `decide` sees, joined by "\n". */
  readonly tailLines: number;
  readonly log?: SessionLog;
  /** Throws when this process may no longer write to the device. */
  readonly beforeWrite?: () => void;
}

/** A prompt without the echo before it is believed after this silence: the device may not echo at all, or be about to. */
const ECHO_GRACE_MS = 300;
/** No prompt or question is longer. */
const LONGEST_TAIL = 1000;

/**
 * One conversation with a device: write something, wait for the last line to say that the answer is complete. Purely event driven:
 * every arriving piece of text is looked at once, and only the last line is ever matched.
 */
export class ExpectChannel {
  /** Set when an exchange ended without an answer: nobody knows what the next bytes belong to. */
  outOfStep = false;
  beforeWrite: () => void;
  /** Sees what the device sends, as it comes: for a person who looks on. */
  observer: ((text: string) => void) | undefined;
  readonly closed: Promise<Error | undefined>;
  private readonly transport: Transport;
  private readonly options: ExpectOptions;
  private readonly terminal: TerminalText;
  private readonly erasure = new Erasure();
  private gone: { readonly error?: Error } | undefined;
  private current: Running | undefined;
  private tail = "";
  private recent: string[] = [];
  private tailLines: number;

  constructor(transport: Transport, options: ExpectOptions) {
    this.transport = transport;
    this.options = options;
    this.beforeWrite = options.beforeWrite ?? (() => {});
    this.terminal = new TerminalText(options);
    this.tailLines = options.tailLines;
    this.closed = transport.closed;
    transport.onData((chunk) => this.receive(chunk));
    void transport.closed.then((error) => {
      this.gone = error ? { error } : {};
      this.current?.ended();
    });
  }

  /** The last, unterminated line as it stands. */
  get lastLine(): string {
    return stripAnsi(this.tail);
  }

  /** The same with the lines before it, as many as `decide` sees. */
  get lastLines(): string {
    return stripAnsi([...this.recent, this.tail].join("\n"));
  }

  get isClosed(): boolean {
    return this.gone !== undefined;
  }

  /** Lines that `decide` sees from now on. */
  setTailLines(lines: number): void {
    this.tailLines = lines;
  }

  get stripAnsi(): boolean {
    return this.terminal.stripAnsi;
  }

  set stripAnsi(on: boolean) {
    this.terminal.stripAnsi = on;
  }

  /**
   * Runs one exchange. Throws `SessionClosed`, `PromptNotFound` (silence), `OperationAborted`, or what `decide` fails with; after each of
   * these `outOfStep` is set.
   */
  exchange<T>(exchange: Exchange<T>): Promise<Reply<T>> {
    if (this.current) throw new Error("an exchange is already running on this channel");
    return new Promise((resolve, reject) => {
      const running = new RunningExchange(this.view(), exchange, (outcome) => {
        this.current = undefined;
        if ("error" in outcome) {
          this.outOfStep = true;
          reject(outcome.error);
        } else resolve(outcome.reply);
      });
      this.current = running;
      running.start();
    });
  }

  /** Writes without waiting for anything: a closing `exit`, a keepalive. */
  write(text: string, options: { secret?: boolean } = {}): void {
    if (this.gone) return;
    this.beforeWrite();
    this.options.log?.sent(text, options.secret ?? false);
    this.transport.write(text);
  }

  close(): void {
    this.transport.close();
  }

  private receive(chunk: Buffer): void {
    const text = this.erasure.filter(this.terminal.push(chunk));
    if (text === "") return;
    this.options.log?.received(text);
    this.observer?.(text);
    const fresh = this.current ? this.current.filter(text) : text;
    const lastBreak = fresh.lastIndexOf("\n");
    let body = "";
    if (lastBreak < 0)
      this.tail = this.current ? this.tail + fresh : (this.tail + fresh).slice(-LONGEST_TAIL);
    else {
      body = this.tail + fresh.slice(0, lastBreak + 1);
      this.tail = fresh.slice(lastBreak + 1);
      this.remember(body);
    }
    this.current?.advanced(body);
  }

  private remember(body: string): void {
    const wanted = Math.max(this.tailLines, this.current?.tailLines ?? 1) - 1;
    if (wanted === 0) return;
    const lines = body.slice(-LONGEST_TAIL).split("\n").slice(0, -1).slice(-wanted);
    this.recent = [...this.recent, ...lines].slice(-wanted);
  }

  /** What a running exchange may see and do. */
  private view(): ChannelView {
    return {
      device: this.options.device,
      isGone: () => this.gone !== undefined,
      context: () => (this.recent.length > 0 ? `${this.recent.join("\n")}\n${this.tail}` : this.tail),
      tail: () => this.tail,
      clear: () => {
        this.tail = "";
        this.recent = [];
      },
      erase: () => {
        this.erasure.begin();
        this.tail = "";
      },
      write: (text, secret) => this.write(text, { secret }),
    };
  }
}

interface ChannelView {
  readonly device: string;
  isGone(): boolean;
  context(): string;
  tail(): string;
  clear(): void;
  erase(): void;
  write(text: string, secret: boolean): void;
}

type Outcome<T> = { readonly error: Error } | { readonly reply: Reply<T> };

/** What the channel needs of a running exchange, whatever it results in. */
interface Running {
  readonly tailLines: number;
  filter(text: string): string;
  advanced(body: string): void;
  ended(): void;
}

class RunningExchange<T> implements Running {
  private readonly channel: ChannelView;
  private readonly exchange: Exchange<T>;
  private readonly done: (outcome: Outcome<T>) => void;
  private readonly echo: EchoFilter;
  private chunks: string[] = [];
  private silence: NodeJS.Timeout | undefined;
  private pending: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private finished = false;
  private quiet: NodeJS.Timeout | undefined;
  readonly tailLines: number;
  private readonly onAbort = () => this.fail(this.aborted());

  constructor(channel: ChannelView, exchange: Exchange<T>, done: (outcome: Outcome<T>) => void) {
    this.channel = channel;
    this.exchange = exchange;
    this.done = done;
    this.echo = new EchoFilter(exchange.echo);
    this.tailLines = exchange.tailLines ?? 1;
  }

  start(): void {
    const { send, signal, silenceMs } = this.exchange;
    if (this.channel.isGone()) {
      this.ended();
      return;
    }
    if (signal?.aborted) {
      this.fail(this.aborted());
      return;
    }
    signal?.addEventListener("abort", this.onAbort, { once: true });
    this.silence = setTimeout(() => this.fail(this.timedOut()), silenceMs);
    const { whenQuiet } = this.exchange;
    if (whenQuiet) this.quiet = setTimeout(() => this.act({ finish: whenQuiet.finish }), whenQuiet.afterMs);
    if (send === undefined) {
      this.judge();
      return;
    }
    this.channel.clear();
    try {
      this.channel.write(send, this.exchange.secret ?? false);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  filter(text: string): string {
    return this.echo.filter(text);
  }

  advanced(body: string): void {
    if (this.finished) return;
    this.silence?.refresh();
    this.quiet?.refresh();
    this.emit(body);
    this.judge();
  }

  ended(): void {
    if (!this.finished) {
      this.fail(
        deviceErrors.SessionClosed({
          device: this.channel.device,
          tail: this.channel.tail() || this.lastText(),
        }),
      );
    }
  }

  private emit(text: string): void {
    if (text === "") return;
    if (this.exchange.onText) this.exchange.onText(text);
    else this.chunks.push(text);
  }

  private judge(): void {
    this.cancelPending();
    const shown = this.echo.done ? this.channel.context() : this.echo.lastLine;
    if (shown.length > LONGEST_TAIL) return;
    // Colours never decide whether it is a prompt, even where they stay in the output.
    const line = stripAnsi(shown);
    if (line === "") return;
    const verdict = this.exchange.decide(line, this.echo.done);
    if (!verdict) return;
    const delay = Math.max(verdict.settleMs ?? 0, this.echo.done ? 0 : ECHO_GRACE_MS);
    // Several packets may arrive in one turn; only what stands at its end counts.
    if (delay === 0) this.pending = setImmediate(() => this.act(verdict));
    else this.pending = setTimeout(() => this.act(verdict), delay);
  }

  private act(verdict: NonNullable<Verdict<T>>): void {
    this.pending = undefined;
    if ("fail" in verdict) {
      this.fail(verdict.fail());
      return;
    }
    if ("write" in verdict) {
      this.answer(verdict);
      return;
    }
    const echoed = this.echo.done;
    const early = echoed ? "" : this.echo.release();
    const cut = early.lastIndexOf("\n") + 1;
    const tail = echoed ? this.channel.tail() : early.slice(cut);
    const text = this.chunks.length === 1 ? (this.chunks[0] ?? "") : this.chunks.join("");
    this.finish({ reply: { value: verdict.finish, text: text + early.slice(0, cut), tail, echoed } });
  }

  private answer(verdict: { write: string; secret?: boolean; erase?: boolean; written?: () => void }): void {
    verdict.written?.();
    if (verdict.erase) this.channel.erase();
    else {
      this.emit(this.echo.done ? this.channel.tail() : this.echo.release());
      this.channel.clear();
    }
    try {
      this.channel.write(verdict.write, verdict.secret ?? false);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private fail(error: Error): void {
    if (!this.finished) this.finish({ error });
  }

  private finish(outcome: Outcome<T>): void {
    this.finished = true;
    this.cancelPending();
    clearTimeout(this.silence);
    clearTimeout(this.quiet);
    this.exchange.signal?.removeEventListener("abort", this.onAbort);
    this.done(outcome);
  }

  private cancelPending(): void {
    if (this.pending === undefined) return;
    clearTimeout(this.pending as NodeJS.Timeout);
    clearImmediate(this.pending as NodeJS.Immediate);
    this.pending = undefined;
  }

  private lastText(): string {
    return (this.chunks.at(-1) ?? this.echo.waiting).slice(-200);
  }

  private timedOut(): Error {
    return deviceErrors.PromptNotFound({
      device: this.channel.device,
      waitedMs: this.exchange.silenceMs,
      tail: this.channel.tail() || this.lastText(),
    });
  }

  private aborted(): Error {
    const reason: unknown = this.exchange.signal?.reason;
    if (reason instanceof Error && "code" in reason && typeof reason.code === "string") return reason;
    const why = `while ${JSON.stringify(this.exchange.label)} was running`;
    return deviceErrors.OperationAborted({ device: this.channel.device, why });
  }
}
