import { connect as connectTcp, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { deviceErrors } from "../errors/device.ts";
import type { Transport } from "./transport.ts";

export interface TelnetTarget {
  /** Name for messages. */
  readonly device: string;
  readonly host: string;
  readonly port: number;
  /** Longest TCP connection, in milliseconds. */
  readonly connectMs: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly terminal?: string;
  /** An open stream to the device (through a jump host); absent: TCP to host and port. */
  readonly stream?: Duplex;
  readonly signal?: AbortSignal;
}

/**
 * Opens a Telnet connection; the login follows inside the session. Throws `ConnectFailed`, `ConnectTimeout` or `OperationAborted`.
 *
 * @example
 * const transport = await connectTelnet({ device: "r1", host: "192.0.2.1", port: 23, connectMs: 10_000 });
 */
export async function connectTelnet(target: TelnetTarget): Promise<Transport> {
  return new TelnetTransport(target.stream ?? (await open(target)), target);
}

function open(target: TelnetTarget): Promise<Socket> {
  const { device, host, port, connectMs, signal } = target;
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, noDelay: true });
    const fail = (error: Error) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(deviceErrors.OperationAborted({ device, why: "while connecting" }));
    const timer = setTimeout(
      () => fail(deviceErrors.ConnectTimeout({ device, stage: "the TCP connection", waitedMs: connectMs })),
      connectMs,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    socket.once("error", (cause) =>
      fail(deviceErrors.ConnectFailed({ device, address: `${host}:${port}`, why: cause.message }, { cause })),
    );
    socket.once("connect", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

// RFC 854 and the options' own: 1 echo, 3 suppress go ahead, 24 terminal type, 31 window size.
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const NOP = 241;
const ECHO = 1;
const SUPPRESS_GO_AHEAD = 3;
const TERMINAL_TYPE = 24;
const WINDOW_SIZE = 31;
const LONGEST_SUBNEGOTIATION = 1024;

/** Telnet over any stream: answers option negotiation, hands on the data. */
export class TelnetTransport implements Transport {
  readonly closed: Promise<Error | undefined>;
  private readonly stream: Duplex;
  private readonly size: { readonly columns: number; readonly rows: number };
  private readonly terminal: string;
  private listener: ((chunk: Buffer) => void) | undefined;
  private early: Buffer[] = [];
  /** A command that is not complete yet. */
  private held: Buffer = Buffer.alloc(0);
  private readonly agreed = new Set<string>();

  constructor(stream: Duplex, options: { columns?: number; rows?: number; terminal?: string } = {}) {
    this.stream = stream;
    this.size = { columns: options.columns ?? 511, rows: options.rows ?? 1000 };
    this.terminal = options.terminal ?? "vt100";
    this.closed = new Promise((resolve) => {
      let failure: Error | undefined;
      stream.on("error", (error) => {
        failure = error;
      });
      stream.once("end", () => resolve(undefined));
      stream.once("close", () => resolve(failure));
    });
    stream.on("data", (chunk: Buffer) => this.receive(chunk));
  }

  write(data: Uint8Array | string): void {
    if (!this.stream.writable) return;
    const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : Buffer.from(data);
    this.stream.write(bytes.includes(IAC) ? doubled(bytes) : bytes);
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.listener = listener;
    const early = this.early;
    this.early = [];
    for (const chunk of early) listener(chunk);
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  close(): void {
    this.stream.destroy();
  }

  /** A sign of life that the peer must not answer. */
  nop(): void {
    this.send([IAC, NOP]);
  }

  private receive(chunk: Buffer): void {
    const bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = Buffer.alloc(0);
    let from = 0;
    for (let at = bytes.indexOf(IAC); at >= 0; at = bytes.indexOf(IAC, from)) {
      if (at > from) this.deliver(bytes.subarray(from, at));
      const length = this.command(bytes, at);
      if (length === 0) {
        this.held = Buffer.from(bytes.subarray(at));
        return;
      }
      from = at + length;
    }
    if (from < bytes.length) this.deliver(bytes.subarray(from));
  }

  /** Handles the command at a position and returns its length, 0 while it is not complete. */
  private command(bytes: Buffer, at: number): number {
    const kind = bytes[at + 1];
    if (kind === undefined) return 0;
    if (kind === IAC) {
      this.deliver(bytes.subarray(at, at + 1));
      return 2;
    }
    if (kind === SB) {
      const end = bytes.indexOf(Buffer.from([IAC, SE]), at + 2);
      if (end < 0) return bytes.length - at > LONGEST_SUBNEGOTIATION ? bytes.length - at : 0;
      this.subnegotiation(bytes.subarray(at + 2, end));
      return end + 2 - at;
    }
    if (kind < WILL) return 2;
    const option = bytes[at + 2];
    if (option === undefined) return 0;
    this.negotiate(kind, option);
    return 3;
  }

  private negotiate(kind: number, option: number): void {
    const answer = this.answer(kind, option);
    const key = `${answer} ${option}`;
    // Answering the same again would start a loop.
    if (this.agreed.has(key)) return;
    this.agreed.add(key);
    this.send([IAC, answer, option]);
    if (kind === DO && option === WINDOW_SIZE) {
      const { columns, rows } = this.size;
      const size = doubled(Buffer.from([columns >> 8, columns & 255, rows >> 8, rows & 255]));
      this.send([IAC, SB, WINDOW_SIZE, ...size, IAC, SE]);
    }
  }

  private answer(kind: number, option: number): number {
    if (kind === DO) return [TERMINAL_TYPE, WINDOW_SIZE, SUPPRESS_GO_AHEAD].includes(option) ? WILL : WONT;
    if (kind === WILL) return [ECHO, SUPPRESS_GO_AHEAD].includes(option) ? DO : DONT;
    return kind === DONT ? WONT : DONT;
  }

  private subnegotiation(body: Buffer): void {
    if (body[0] !== TERMINAL_TYPE || body[1] !== 1) return;
    this.send([IAC, SB, TERMINAL_TYPE, 0, ...Buffer.from(this.terminal), IAC, SE]);
  }

  private deliver(data: Buffer): void {
    if (this.listener) this.listener(data);
    else this.early.push(Buffer.from(data));
  }

  private send(bytes: readonly number[]): void {
    if (this.stream.writable) this.stream.write(Buffer.from(bytes));
  }
}

function doubled(bytes: Buffer): Buffer {
  return Buffer.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}
