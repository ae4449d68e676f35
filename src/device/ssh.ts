import { connect as connectTcp, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type AuthHandlerMiddleware, Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { NetPulseError } from "../errors/define.ts";
import { deviceErrors } from "../errors/device.ts";
import type { Credential, HostKeys } from "../plugin/driver.ts";
import { ChannelLimit } from "./channel-limit.ts";
import { type ExecChannel, type ExecOptions, isChannelRefusal, openExec } from "./exec-channel.ts";
import { fingerprint, isKnown } from "./host-key.ts";
import type { LoginManner } from "./login-answers.ts";
import { type CodeTurn, codeLedger, hasCodes } from "./one-time-password/code-ledger.ts";
import { type AlgorithmPreset, algorithms } from "./ssh-algorithms.ts";
import { signatureName } from "./ssh-certificate.ts";
import { onAuthFailure, onEmptyRound, onSignature, serverVersion } from "./ssh-internals.ts";
import { SshMethods } from "./ssh-methods.ts";
import type { Transport } from "./transport.ts";

export interface SshTarget {
  /** Name for messages. */
  readonly device: string;
  readonly host: string;
  readonly port: number;
  readonly credential: Credential;
  readonly hostKeys: HostKeys;
  readonly limits: SshLimits;
  readonly algorithms: AlgorithmPreset;
  /** Algorithms that are switched off by name, as Netmiko's `disabled_algorithms`. */
  readonly disabledAlgorithms?: Readonly<Record<string, readonly string[]>>;
  /** `none`: SSH lets everybody in, the login follows inside the session. */
  readonly auth?: "usual" | "none";
  readonly usernameSuffix?: string;
  /** Path of an agent's socket. */
  readonly agent?: string;
  /** Question pattern -> answer for keyboard-interactive, besides passwords at their prompt. Never a secret. */
  readonly keyboardAnswers?: Readonly<Record<string, string>>;
  /** How the login answers beyond user name and password. */
  readonly manner?: LoginManner;
  /** The codes of this login, where it is a part of a longer one; absent: it takes its own turn. Whoever gives it releases it. */
  readonly codes?: CodeTurn;
  /** Told once when the login waits for another one-time code, with about how many seconds. */
  readonly waits?: (seconds: number) => void;
  /** An open stream to the device (through a jump host); absent: TCP to host and port. */
  readonly stream?: Duplex;
  readonly signal?: AbortSignal;
}

/** Longest time for each stage, in milliseconds. */
export interface SshLimits {
  /** TCP connection. */
  readonly connectMs: number;
  /** From there to the server's identification and agreed keys. */
  readonly bannerMs: number;
  /** From there to the login. */
  readonly authMs: number;
  /** The same while a push waits for a person; absent: 60 s. */
  readonly pushMs?: number;
}

const USUAL_PUSH_MS = 60_000;

export interface SshConnection {
  readonly client: Client;
  /** The server's software as it names itself (`OpenSSH_9.2p1`). */
  readonly serverVersion: string;
  /** The text that the server showed before the login. */
  readonly banner: string;
  readonly fingerprint: string;
  /** Resolves when the connection has ended, with the error if there was one. */
  readonly closed: Promise<Error | undefined>;
  /** Opens a shell on a terminal of the given size. */
  shell(terminal?: { term?: string; columns?: number; rows?: number }): Promise<Transport>;
  /** Starts one of the server's programs that speak a protocol of their own, such as `netconf`. */
  subsystem(name: string): Promise<Transport>;
  /**
   * Starts a program as the user's shell would, on a channel of its own; many may run at once, as many as the server takes.
   * Throws `ConnectFailed` when the server refuses.
   */
  exec(command: string, options?: ExecOptions): Promise<ExecChannel>;
  /** Whether the server still answers. False after the connection has gone; pending while it is silent. */
  ping(): Promise<boolean>;
  /** Opens a stream from this host to another (a jump). */
  forward(host: string, port: number): Promise<Duplex>;
  close(): void;
}

/**
 * Logs in by SSH. The host key is checked before anything secret is sent; each secret is sent once; a one-time code (keys `totp` and `otp` of
 * the credential's Secret) is given where one is asked for. Throws `ConnectFailed`, `ConnectTimeout` (naming the stage), `HostKeyChanged`,
 * `NoCommonAlgorithm`, `AuthFailed`, `PasswordExpired`, `LoginQuestion`, `OneTimeCodeSpent` or `OperationAborted`.
 *
 * @example
 * const connection = await connectSsh({ device: "r1", host: "192.0.2.1", port: 22, credential, hostKeys, limits, algorithms: "modern" });
 * const shell = await connection.shell();
 */
export async function connectSsh(target: SshTarget): Promise<SshConnection> {
  if (target.codes || !hasCodes(target.credential)) return new Login(target).run();
  const { device, credential, signal, waits } = target;
  const request = { device, credentials: [credential], ...(signal && { signal }), ...(waits && { waits }) };
  const codes = await codeLedger.turn(request);
  try {
    return await new Login({ ...target, codes }).run();
  } finally {
    codes.release();
  }
}

type Stage = "connect" | "banner" | "auth" | "done";
const stageNames = {
  connect: "the TCP connection",
  banner: "the SSH handshake",
  auth: "the login",
  done: "",
};

/** How servers say, while they end the connection, that they have had enough of a login. */
const REFUSAL =
  /too many .{0,30}(?:failures|attempts)|authentication (?:failed|failure)|login (?:failed|incorrect|denied)|(?:permission|access) denied/i;

class Login {
  private readonly target: SshTarget;
  private readonly client = new Client();
  private stage: Stage = "connect";
  private timer: NodeJS.Timeout | undefined;
  private found = "";
  private banner = "";
  private readonly methods: SshMethods;
  private refused: Error | undefined;
  private failed = false;
  private fail: (error: Error) => void = () => {};

  constructor(target: SshTarget) {
    this.target = target;
    this.methods = new SshMethods(target, {
      fail: (error) => this.fail(error),
      pause: () => clearTimeout(this.timer),
      resume: (push) =>
        this.watch("auth", push ? (target.limits.pushMs ?? USUAL_PUSH_MS) : target.limits.authMs),
    });
  }

  run(): Promise<SshConnection> {
    const { target, client } = this;
    return new Promise((resolve, reject) => {
      let socket: Socket | undefined;
      const fail = (error: Error) => {
        if (this.stage === "done") return;
        this.failed = true;
        clearTimeout(this.timer);
        target.signal?.removeEventListener("abort", onAbort);
        client.on("error", () => {});
        client.destroy();
        socket?.destroy();
        reject(error);
      };
      this.fail = fail;
      const onAbort = () =>
        fail(deviceErrors.OperationAborted({ device: target.device, why: "while connecting" }));
      if (target.signal?.aborted) return onAbort();
      target.signal?.addEventListener("abort", onAbort, { once: true });
      this.watch("connect", target.limits.connectMs);

      const closed = new Promise<Error | undefined>((ended) => {
        let last: Error | undefined;
        client.on("error", (error: Error & { level?: string }) => {
          last = error;
          // A key that the agent would not use; ssh2 goes on with the next by itself.
          if (error.level !== "agent" && this.stage !== "done") fail(this.explain(error));
        });
        client.on("close", () => {
          if (this.stage !== "done")
            fail(this.explain(last ?? new Error("the device closed the connection")));
          ended(last);
        });
      });
      client.on("banner", (text) => {
        this.banner += text;
      });
      client.on("handshake", () => {
        if (this.stage === "banner") this.watch("auth", target.limits.authMs);
      });
      client.on("change password", (prompt) => fail(this.methods.changeRequested(prompt)));
      client.on("ready", () => {
        this.stage = "done";
        clearTimeout(this.timer);
        target.signal?.removeEventListener("abort", onAbort);
        resolve(new Connection(client, closed, this.found, this.banner, target.device));
      });

      const start = (stream: Duplex) => {
        this.watch("banner", target.limits.bannerMs);
        client.connect(this.config(stream));
        onAuthFailure(client, (left, partial) => this.methods.answered(left, partial));
        onEmptyRound(client, (text) => this.methods.told(text));
        onSignature(client, signatureName);
      };
      if (target.stream) return start(target.stream);
      socket = connectTcp({ host: target.host, port: target.port, noDelay: true });
      socket.once("error", (error) => {
        if (this.stage === "connect") fail(this.explain(error));
      });
      const tcp = socket;
      socket.once("connect", () => start(tcp));
    });
  }

  private config(stream: Duplex): ConnectConfig {
    const { target } = this;
    return {
      sock: stream,
      username: `${target.credential.username ?? ""}${target.usernameSuffix ?? ""}`,
      readyTimeout: 0,
      keepaliveInterval: 0,
      algorithms: algorithms(target.algorithms, target.disabledAlgorithms),
      hostVerifier: (key: Buffer) => this.verify(key),
      authHandler: this.attempts(),
    };
  }

  private verify(key: Buffer): boolean {
    this.found = fingerprint(key);
    const { hostKeys, device } = this.target;
    if (hostKeys.policy === "Insecure" || isKnown(this.found, hostKeys.fingerprints)) return true;
    this.refused = deviceErrors.HostKeyChanged({ device, got: this.found, known: hostKeys.fingerprints });
    return false;
  }

  private attempts(): AuthHandlerMiddleware {
    return ((
      left: readonly string[] | null,
      _partial: unknown,
      attempt: (method: object | false) => void,
    ) => {
      void this.methods.next(left ?? undefined).then(
        (method) => {
          if (!this.failed) attempt(method ?? false);
        },
        (error: Error) => this.fail(error),
      );
    }) as unknown as AuthHandlerMiddleware;
  }

  private watch(stage: Stage, limitMs: number): void {
    if (this.failed) return;
    this.stage = stage;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.fail(
        deviceErrors.ConnectTimeout({
          device: this.target.device,
          stage: stageNames[stage],
          waitedMs: limitMs,
        }),
      );
    }, limitMs);
  }

  private explain(error: Error & { level?: string }): Error {
    if (this.refused) return this.refused;
    if (error instanceof NetPulseError) return error;
    const { device, host, port, credential } = this.target;
    if (error.level === "client-authentication" || (this.stage === "auth" && REFUSAL.test(error.message))) {
      const methods = this.methods.tried.join(", ") || "no method that the device offers";
      return deviceErrors.AuthFailed(
        { device, username: credential.username ?? "", methods, withCode: hasCodes(credential) },
        { cause: error },
      );
    }
    // Only before the login: then nothing secret was sent, and older algorithms may be tried.
    if (this.stage === "banner" && /no matching/.test(error.message)) {
      const why = error.message.replace(/^Handshake failed: /, "");
      return deviceErrors.NoCommonAlgorithm({ device, why }, { cause: error });
    }
    // The server ends a login in words of its own, which may repeat what it was told.
    const why = this.methods.mask(error.message);
    const cause = why === error.message ? { cause: error } : {};
    return deviceErrors.ConnectFailed({ device, address: `${host}:${port}`, why }, cause);
  }
}

class Connection implements SshConnection {
  readonly client: Client;
  readonly closed: Promise<Error | undefined>;
  readonly fingerprint: string;
  readonly banner: string;
  readonly serverVersion: string;
  private readonly device: string;
  private readonly channels = new ChannelLimit();

  constructor(
    client: Client,
    closed: Promise<Error | undefined>,
    found: string,
    banner: string,
    device: string,
  ) {
    this.client = client;
    this.closed = closed;
    this.fingerprint = found;
    this.banner = banner;
    this.device = device;
    this.serverVersion = serverVersion(client);
  }

  shell(terminal: { term?: string; columns?: number; rows?: number } = {}): Promise<Transport> {
    const { term = "vt100", columns = 511, rows = 1000 } = terminal;
    return new Promise((resolve, reject) => {
      this.client.shell({ term, cols: columns, rows }, (error, channel) => {
        if (error)
          reject(
            deviceErrors.ConnectFailed({ device: this.device, address: "its shell", why: error.message }),
          );
        else {
          // A device may refuse a terminal and talk on the error stream.
          channel.stderr.on("data", (chunk: Buffer) => channel.emit("data", chunk));
          resolve(new ChannelTransport(channel, this));
        }
      });
    });
  }

  subsystem(name: string): Promise<Transport> {
    return new Promise((resolve, reject) => {
      this.client.subsys(name, (error, channel) => {
        if (error)
          reject(
            deviceErrors.ConnectFailed({
              device: this.device,
              address: `its subsystem ${name}`,
              why: error.message,
            }),
          );
        else {
          // What a program says beside the protocol is no part of it, but has to be taken, or the channel would stop.
          channel.stderr.resume();
          resolve(new ChannelTransport(channel, this));
        }
      });
    });
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecChannel> {
    const open = async () => {
      options.beforeOpen?.();
      return openExec(this.client, command, options).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw deviceErrors.ConnectFailed(
          { device: this.device, address: "another channel", why },
          { cause: error },
        );
      });
    };
    const refused = (error: unknown) => error instanceof Error && isChannelRefusal(error.cause);
    const { value, free } = await this.channels.take(open, refused);
    void value.gone.then(free);
    return value;
  }

  /** By a request to end a forwarding that never was: every server answers it, with no. */
  ping(): Promise<boolean> {
    return new Promise((resolve) => {
      void this.closed.then(() => resolve(false));
      try {
        this.client.unforwardIn("127.0.0.1", 1, () => resolve(true));
      } catch {
        resolve(false);
      }
    });
  }

  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        if (error)
          reject(
            deviceErrors.ConnectFailed({
              device: this.device,
              address: `${host}:${port}`,
              why: error.message,
            }),
          );
        else resolve(channel);
      });
    });
  }

  close(): void {
    this.client.destroy();
  }
}

/** A shell or subsystem; closing it closes its connection, since nothing else uses it. */
class ChannelTransport implements Transport {
  readonly closed: Promise<Error | undefined>;
  private readonly channel: ClientChannel;
  private readonly connection: SshConnection;

  constructor(channel: ClientChannel, connection: SshConnection) {
    this.channel = channel;
    this.connection = connection;
    channel.on("error", () => {});
    const ended = new Promise<undefined>((resolve) => {
      channel.once("close", () => resolve(undefined));
      channel.once("end", () => resolve(undefined));
    });
    this.closed = Promise.race([ended, connection.closed]);
    // The device ends its shell and may leave the connection open for ever.
    void ended.then(() => connection.close());
  }

  write(data: Uint8Array | string): void {
    if (this.channel.writable) this.channel.write(data);
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.channel.removeAllListeners("data");
    this.channel.on("data", listener);
  }

  pause(): void {
    this.channel.pause();
  }

  resume(): void {
    this.channel.resume();
  }

  close(): void {
    this.connection.close();
  }
}
