import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import { sendSignal } from "./ssh-internals.ts";

/** How a program on the other side ended. */
export interface ProgramExit {
  /** 128 and the signal's number for a program that a signal ended, as shells count it. */
  readonly status: number;
  /** Name of that signal without SIG. */
  readonly signal?: string;
}

export type OutputStream = "stdout" | "stderr";

/** A program on an SSH host, on a channel of its own. */
export interface ExecChannel {
  /** Receives both streams as they come; call it at once, bytes before it are held back. */
  onOutput(listener: (stream: OutputStream, chunk: Buffer) => void): void;
  /** Writes to the program's stdin. Does nothing after the program has gone. */
  write(data: Uint8Array | string): void;
  /** Ends its stdin. */
  end(): void;
  /** Asks the server to send a signal, by its name without SIG, to the program's process group. Servers may ignore it. */
  signal(name: "TERM" | "KILL" | "INT" | "HUP"): void;
  /** Ends the channel without waiting for the program. Servers may keep it open until the program ends. */
  close(): void;
  /** Resolves after the last output, or at `close`; undefined: the server did not say how the program ended. */
  readonly exit: Promise<ProgramExit | undefined>;
  /** Resolves when the server has closed the channel, so that its place is free. */
  readonly gone: Promise<void>;
}

export interface ExecOptions {
  /** Give the program a terminal: stderr then comes with stdout. */
  readonly pty?: boolean;
  /** Called right before each attempt to open the channel, which may have waited for its place: what it throws is thrown. */
  readonly beforeOpen?: () => void;
}

// A program in the background keeps the streams of a command that has ended: after this much silence nobody waits for them.
const SILENCE_AFTER_EXIT_MS = 500;

/** Starts a program on a channel of a connection that is logged in. Rejects with ssh2's error when the server refuses. */
export function openExec(client: Client, command: string, options: ExecOptions = {}): Promise<ExecChannel> {
  return new Promise((resolve, reject) => {
    const pty = options.pty ? { term: "dumb", cols: 511, rows: 1000 } : false;
    client.exec(command, { pty }, (error, channel) => {
      if (error) reject(error);
      else resolve(new SshExecChannel(client, channel));
    });
  });
}

/** Whether the server refused to open one more channel: administratively prohibited, connect failed, or short of resources. */
export function isChannelRefusal(error: unknown): boolean {
  const reason = (error as { reason?: unknown } | null)?.reason;
  return reason === 1 || reason === 2 || reason === 4;
}

class SshExecChannel implements ExecChannel {
  readonly exit: Promise<ProgramExit | undefined>;
  readonly gone: Promise<void>;
  private readonly finish: () => void;
  private readonly client: Client;
  private readonly channel: ClientChannel;
  private timer: NodeJS.Timeout | undefined;
  private ended: ProgramExit | undefined;

  constructor(client: Client, channel: ClientChannel) {
    this.client = client;
    this.channel = channel;
    channel.on("error", () => {});
    channel.on("exit", (code: number | null, signal?: string) => {
      this.ended = exitOf(code, signal);
      this.awaitSilence();
    });
    const { promise, resolve } = Promise.withResolvers<ProgramExit | undefined>();
    this.exit = promise;
    this.finish = () => {
      clearTimeout(this.timer);
      resolve(this.ended);
    };
    this.gone = new Promise((closed) => {
      channel.once("close", () => {
        this.finish();
        closed();
      });
    });
  }

  onOutput(listener: (stream: OutputStream, chunk: Buffer) => void): void {
    const hear = (stream: OutputStream) => (chunk: Buffer) => {
      if (this.ended) this.awaitSilence();
      listener(stream, chunk);
    };
    this.channel.on("data", hear("stdout"));
    this.channel.stderr.on("data", hear("stderr"));
  }

  write(data: Uint8Array | string): void {
    if (this.channel.writable) this.channel.write(data);
  }

  end(): void {
    this.channel.end();
  }

  signal(name: "TERM" | "KILL" | "INT" | "HUP"): void {
    sendSignal(this.client, this.channel, name);
  }

  close(): void {
    this.channel.close();
    this.finish();
  }

  private awaitSilence(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.close(), SILENCE_AFTER_EXIT_MS);
  }
}

function exitOf(code: number | null, signal: string | undefined): ProgramExit {
  if (code !== null) return { status: code };
  const name = (signal ?? "").replace(/^SIG/, "").replace(/@.*$/, "");
  const number = (constants.signals as Readonly<Record<string, number>>)[`SIG${name}`] ?? 0;
  return { status: 128 + number, signal: name };
}
