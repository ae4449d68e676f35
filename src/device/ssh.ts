import { connect as connectTcp, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  type AuthenticationType,
  type AuthHandlerMiddleware,
  Client,
  type ClientChannel,
  type ConnectConfig,
} from "ssh2";
import { NetPulseError } from "../errors/define.ts";
import { deviceErrors } from "../errors/device.ts";
import type { Credential, HostKeys } from "../plugin/driver.ts";
import { ChannelLimit } from "./channel-limit.ts";
import { type ExecChannel, type ExecOptions, isChannelRefusal, openExec } from "./exec-channel.ts";
import { fingerprint, isKnown } from "./host-key.ts";
import { privateKey } from "./private-keys.ts";
import { type AlgorithmPreset, algorithms } from "./ssh-algorithms.ts";
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
  /** Question pattern -> answer for keyboard-interactive, besides passwords at their prompt. */
  readonly keyboardAnswers?: Readonly<Record<string, string>>;
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
}

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
 * Logs in by SSH. The host key is checked before anything secret is sent. Throws `ConnectFailed`, `ConnectTimeout` (naming the
 * stage), `HostKeyChanged`, `NoCommonAlgorithm`, `AuthFailed` or `OperationAborted`.
 *
 * @example
 * const connection = await connectSsh({ device: "r1", host: "192.0.2.1", port: 22, credential, hostKeys, limits, algorithms: "modern" });
 * const shell = await connection.shell();
 */
export function connectSsh(target: SshTarget): Promise<SshConnection> {
  return new Login(target).run();
}

type Stage = "connect" | "banner" | "auth" | "done";
const stageNames = {
  connect: "the TCP connection",
  banner: "the SSH handshake",
  auth: "the login",
  done: "",
};

class Login {
  private readonly target: SshTarget;
  private readonly client = new Client();
  private stage: Stage = "connect";
  private timer: NodeJS.Timeout | undefined;
  private found = "";
  private banner = "";
  private tried: string[] = [];
  private refused: Error | undefined;

  constructor(target: SshTarget) {
    this.target = target;
  }

  run(): Promise<SshConnection> {
    const { target, client } = this;
    return new Promise((resolve, reject) => {
      let socket: Socket | undefined;
      const fail = (error: Error) => {
        clearTimeout(this.timer);
        target.signal?.removeEventListener("abort", onAbort);
        client.on("error", () => {});
        client.destroy();
        socket?.destroy();
        reject(error);
      };
      const onAbort = () =>
        fail(deviceErrors.OperationAborted({ device: target.device, why: "while connecting" }));
      if (target.signal?.aborted) return onAbort();
      target.signal?.addEventListener("abort", onAbort, { once: true });
      this.watch("connect", target.limits.connectMs, fail);

      const closed = new Promise<Error | undefined>((ended) => {
        let last: Error | undefined;
        client.on("error", (error) => {
          last = error;
          if (this.stage !== "done") fail(this.explain(error));
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
      client.on("handshake", () => this.watch("auth", target.limits.authMs, fail));
      client.on("keyboard-interactive", (_name, _instructions, _lang, prompts, finish) =>
        finish(prompts.map((prompt) => this.answer(prompt.prompt))),
      );
      client.on("ready", () => {
        this.stage = "done";
        clearTimeout(this.timer);
        target.signal?.removeEventListener("abort", onAbort);
        resolve(new Connection(client, closed, this.found, this.banner, target.device));
      });

      const start = (stream: Duplex) => {
        this.watch("banner", target.limits.bannerMs, fail);
        client.connect(this.config(stream));
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
      authHandler: this.methods(),
    };
  }

  private verify(key: Buffer): boolean {
    this.found = fingerprint(key);
    const { hostKeys, device } = this.target;
    if (hostKeys.policy === "Insecure" || isKnown(this.found, hostKeys.fingerprints)) return true;
    this.refused = deviceErrors.HostKeyChanged({ device, got: this.found, known: hostKeys.fingerprints });
    return false;
  }

  /** Each method once, in the order in which a person would try them, and only those the server still offers. */
  private methods(): AuthHandlerMiddleware {
    const { credential, auth, agent } = this.target;
    const username = `${credential.username ?? ""}${this.target.usernameSuffix ?? ""}`;
    const { password, privateKey: text, passphrase } = credential;
    const queue: { type: AuthenticationType; login: object }[] = [{ type: "none", login: {} }];
    if (auth !== "none") {
      if (text !== undefined) {
        const key = privateKey(text, passphrase);
        if (key instanceof Error) this.tried.push(`private key, which cannot be read: ${key.message}`);
        else queue.push({ type: "publickey", login: { key } });
      }
      if (agent !== undefined) queue.push({ type: "agent", login: { agent } });
      if (password !== undefined) {
        queue.push({ type: "password", login: { password } });
        queue.push({
          type: "keyboard-interactive",
          login: {
            prompt: (
              _n: string,
              _i: string,
              _l: string,
              prompts: { prompt: string }[],
              finish: (answers: string[]) => void,
            ) => finish(prompts.map((p) => this.answer(p.prompt))),
          },
        });
      }
    }
    return ((left: readonly string[] | null, _partial: boolean | null) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const offered = next.type === "agent" ? "publickey" : next.type;
        if (next.type !== "none" && left && !left.includes(offered)) continue;
        if (next.type !== "none") this.tried.push(next.type);
        return { type: next.type, username, ...next.login };
      }
      return false;
    }) as unknown as AuthHandlerMiddleware;
  }

  private answer(question: string): string {
    const { keyboardAnswers = {}, credential } = this.target;
    for (const [pattern, text] of Object.entries(keyboardAnswers)) {
      if (new RegExp(pattern, "i").test(question)) return text;
    }
    return /assword|assphrase|PIN/i.test(question) ? (credential.password ?? "") : "";
  }

  private watch(stage: Stage, limitMs: number, fail: (error: Error) => void): void {
    this.stage = stage;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      fail(
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
    if (error.level === "client-authentication") {
      const methods = this.tried.join(", ") || "no method that the device offers";
      return deviceErrors.AuthFailed(
        { device, username: credential.username ?? "", methods },
        { cause: error },
      );
    }
    if (/no matching/.test(error.message)) {
      const why = error.message.replace(/^Handshake failed: /, "");
      return deviceErrors.NoCommonAlgorithm({ device, why }, { cause: error });
    }
    return deviceErrors.ConnectFailed(
      { device, address: `${host}:${port}`, why: error.message },
      { cause: error },
    );
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
    // ssh2 keeps the server's name to itself; detection needs it.
    this.serverVersion = String((client as Client & { _remoteVer?: string })._remoteVer ?? "");
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
    try {
      const { value, free } = await this.channels.take(
        () => openExec(this.client, command, options),
        isChannelRefusal,
      );
      void value.exit.then(free);
      return value;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw deviceErrors.ConnectFailed(
        { device: this.device, address: "another channel", why },
        { cause: error },
      );
    }
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
