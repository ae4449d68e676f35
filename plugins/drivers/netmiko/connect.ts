import { createHash } from "node:crypto";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { LoginGate } from "../../../src/device/login-gate.ts";
import { type Hop, openRoute, type Route } from "../../../src/device/route.ts";
import { type SessionLog, sessionLog } from "../../../src/device/session-log.ts";
import { connectSsh, type SshConnection, type SshTarget } from "../../../src/device/ssh.ts";
import type { AlgorithmPreset } from "../../../src/device/ssh-algorithms.ts";
import { sshConfigFor } from "../../../src/device/ssh-config.ts";
import { PresetMemory } from "../../../src/device/ssh-preset.ts";
import { connectTelnet } from "../../../src/device/telnet.ts";
import type { Transport } from "../../../src/device/transport.ts";
import {
  type Credential,
  type DeviceTarget,
  deviceErrors,
  NetPulseError,
  type OperationContext,
} from "../../../src/plugin/index.ts";
import { type Args, parseArgs } from "./args.ts";
import { Cli, type CliOptions } from "./cli.ts";
import { detect } from "./detect.ts";
import type { LoginQuestions } from "./login.ts";
import { type Platform, platformSchema, telnetOf } from "./platform.ts";
import type { PlatformLibrary } from "./platforms.ts";
import type { NetmikoSession } from "./session.ts";

/** What all logins of a process share. */
export interface Connector {
  readonly platforms: PlatformLibrary;
  readonly gate: LoginGate;
  readonly presets: PresetMemory;
  /** Host key or address -> platform that was detected there. */
  readonly detected: Map<string, string>;
}

export function newConnector(platforms: PlatformLibrary, gate: LoginGate = new LoginGate()): Connector {
  return { platforms, gate, presets: new PresetMemory(), detected: new Map() };
}

/** Reaches a device, logs in and brings it to its first prompt with paging off. */
export async function connect(
  connector: Connector,
  target: DeviceTarget,
  context: OperationContext,
): Promise<NetmikoSession> {
  return new Connecting(connector, target, context).run();
}

/** What is assumed about a device whose platform is still to be found out. */
const unknownPlatform: Platform = {
  ...platformSchema.parse({
    description: "Any command line, until it is known better",
    modes: { exec: { prompt: "^(?:[\\w(<[~*/!]|HRP_).{0,120}[>#$%\\]:]$" } },
    stripAnsi: true,
    onClose: [],
  }),
  name: "autodetect",
};

interface Link {
  readonly transport: Transport;
  readonly ssh?: SshConnection;
  readonly login?: LoginQuestions;
  close(): void;
}

class Connecting {
  private readonly connector: Connector;
  private readonly target: DeviceTarget;
  private readonly context: OperationContext;
  private readonly args: Args;
  private readonly host: string;
  private readonly credential: Credential;
  private readonly configuredPort: number | undefined;
  private readonly proxyJump: readonly string[];

  constructor(connector: Connector, target: DeviceTarget, context: OperationContext) {
    this.connector = connector;
    this.target = target;
    this.context = context;
    this.args = parseArgs(target.args);
    const config = sshConfigFor(this.args.ssh_config ?? "", target.host);
    this.host = config.hostName ?? target.host;
    this.configuredPort = target.port ?? config.port;
    this.proxyJump = config.proxyJump ?? [];
    const username = target.credential.username ?? config.user;
    this.credential = username === undefined ? target.credential : { ...target.credential, username };
  }

  async run(): Promise<NetmikoSession> {
    const { args, target } = this;
    const automatic = args.device_type === "autodetect";
    const resolved = automatic ? undefined : this.connector.platforms.resolve(args.device_type);
    if (!automatic && !resolved) throw this.unknownType();
    const platform = this.adjusted(resolved?.platform ?? unknownPlatform, resolved?.transport ?? "ssh");
    this.context.beforeWrite();
    const link = await this.login(platform, resolved?.transport ?? "ssh");
    try {
      const cli = automatic ? await this.detected(link, platform) : await this.opened(link, platform);
      return {
        device: target.name,
        args,
        cli,
        changing: false,
        operation: undefined,
        closed: link.transport.closed,
        abort: () => link.close(),
      };
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** One login, within the limits of the host and the process. */
  private login(platform: Platform, transport: "ssh" | "telnet"): Promise<Link> {
    const { target, credential } = this;
    const port = this.port(platform, transport);
    const request = {
      device: target.name,
      host: `${this.host}:${port}`,
      username: credential.username ?? "",
      credential: digest(credential),
    };
    const attempt = () => (transport === "telnet" ? this.telnet(platform, port) : this.ssh(platform, port));
    return this.connector.gate.run(
      request,
      attempt,
      (error) => error instanceof NetPulseError && error.code === "AuthFailed",
    );
  }

  private async ssh(platform: Platform, port: number): Promise<Link> {
    const { args } = this;
    const host = `${this.host}:${port}`;
    const { ssh } = platform;
    return this.connector.presets.connect(
      host,
      ssh.algorithms === "modern" ? "modern" : args.ssh_algorithms,
      async (algorithms) => {
        const route = await this.route(port);
        try {
          const connection = await connectSsh({
            ...this.sshTarget(algorithms),
            port,
            auth: ssh.auth,
            usernameSuffix: ssh.usernameSuffix,
            keyboardAnswers: { ...ssh.keyboardAnswers, ...this.keyboardAnswers() },
            ...(route && { stream: route.stream }),
          });
          const transport = await connection.shell({
            term: ssh.terminal,
            columns: ssh.columns,
            rows: ssh.rows,
          });
          return { transport, ssh: connection, close: () => connection.close() };
        } catch (error) {
          route?.close();
          throw error;
        }
      },
      (preset) => this.olderAlgorithms(preset, host),
    );
  }

  /** Compatible algorithms are merely old; legacy ones can be broken by whoever listens, so people are told. */
  private olderAlgorithms(preset: AlgorithmPreset, host: string): void {
    const { target, context } = this;
    context.log.warn({ device: target.name, algorithms: preset }, "the device needs older SSH algorithms");
    if (preset !== "legacy") return;
    context.notify?.(
      "LegacyAlgorithms",
      `${target.name} (${host}) has no SSH algorithm in common with anything newer than the legacy preset, which is weak, ` +
        "and was reached with it because ssh_algorithms allows that. Update the device's software or its SSH settings.",
    );
  }

  private async telnet(platform: Platform, port: number): Promise<Link> {
    const { target, args, context } = this;
    const login = telnetOf(platform);
    if (target.hostKeys.policy !== "Insecure" || !login)
      throw deviceErrors.TelnetNotAllowed({ device: target.name });
    const route = await this.route(port);
    const transport = await connectTelnet({
      device: target.name,
      host: this.host,
      port,
      connectMs: (args.timeout ?? args.conn_timeout) * 1000,
      ...(route && { stream: route.stream }),
      signal: context.signal,
    });
    const questions: LoginQuestions = {
      usernameAt: new RegExp(login.username, "i"),
      passwordAt: new RegExp(login.password, "i"),
      refused: new RegExp(login.refused, "i"),
      wake: platform.login?.wake ?? false,
    };
    return { transport, login: questions, close: () => transport.close() };
  }

  private async opened(link: Link, platform: Platform): Promise<Cli> {
    const cli = new Cli(this.channel(link, platform), this.cliOptions(platform, link));
    await cli.open(this.context.signal);
    return cli;
  }

  /** Finds out the platform on the open session and goes on with it. */
  private async detected(link: Link, platform: Platform): Promise<Cli> {
    const { connector, target, context } = this;
    const channel = this.channel(link, platform);
    const stranger = new Cli(channel, this.cliOptions(platform, link));
    await stranger.open(context.signal);
    // A device that was replaced shows another key; devices of one image may show the same.
    const key = `${this.host}:${this.configuredPort ?? ""} ${link.ssh?.fingerprint ?? ""}`;
    const seen = {
      serverVersion: link.ssh?.serverVersion ?? "",
      banner: `${link.ssh?.banner ?? ""}\n${stranger.greeting}`,
      prompt: stranger.lastPrompt,
    };
    const ask = async (command: string) =>
      (await stranger.input({ send: command, signal: context.signal })).output;
    const name = connector.detected.get(key) ?? (await detect(connector.platforms.detectable(), seen, ask));
    const found = name === undefined ? undefined : connector.platforms.find(name);
    if (name === undefined || !found) {
      const why = `no platform was recognised at the prompt ${JSON.stringify(stranger.lastPrompt)}`;
      throw deviceErrors.PlatformUnknown({ device: target.name, why });
    }
    connector.detected.set(key, name);
    context.log.info({ device: target.name, platform: name }, "platform detected");
    const known = this.adjusted(found, "ssh");
    channel.setTailLines(known.promptLines);
    const cli = new Cli(channel, this.cliOptions(known, link));
    await cli.takeOver(stranger.lastPrompt, context.signal);
    return cli;
  }

  private channel(link: Link, platform: Platform): ExpectChannel {
    const { target, args, context } = this;
    return new ExpectChannel(link.transport, {
      device: target.name,
      encoding: platform.encoding,
      stripAnsi: true,
      tailLines: platform.promptLines,
      beforeWrite: context.beforeWrite,
      ...(args.session_log !== undefined &&
        args.session_log !== false && { log: this.sessionLog(link.transport) }),
    });
  }

  /** The conversation in the worker's log, secrets masked. */
  private sessionLog(transport: Transport): SessionLog {
    const { target, args, context, credential } = this;
    const log = sessionLog(
      [credential.password, credential.secret, credential.passphrase],
      (direction, text) => context.log.info({ device: target.name, direction, text }, "session"),
      { recordsWrites: args.session_log_record_writes },
    );
    void transport.closed.then(() => log.end());
    return log;
  }

  private cliOptions(platform: Platform, link: Link): CliOptions {
    const { args, target, credential } = this;
    return {
      device: target.name,
      platform,
      credential,
      readTimeoutMs: (args.read_timeout_override ?? args.read_timeout) * 1000,
      ...(args.prompt_pattern !== undefined && { promptPattern: args.prompt_pattern }),
      ...(link.login && { login: link.login }),
    };
  }

  /** The platform with what the arguments say otherwise. */
  private adjusted(platform: Platform, transport: "ssh" | "telnet"): Platform {
    const { default_enter: enter, encoding, global_cmd_verify: verify } = this.args;
    const telnetEnd = transport === "telnet" ? telnetOf(platform)?.lineEnd : undefined;
    const lineEnd = (enter ?? telnetEnd ?? platform.lineEnd) as Platform["lineEnd"];
    return {
      ...platform,
      lineEnd,
      ...(encoding !== undefined && { encoding }),
      ...(verify === false && { echo: "off" as const }),
    };
  }

  private route(port: number): Promise<Route | undefined> {
    return openRoute(this.hops(), { host: this.host, port });
  }

  private hops(): Hop[] {
    const { args, credential, target } = this;
    const configured = (args.jump_hosts ?? []).map((hop) => ({
      host: hop.host,
      port: hop.port,
      username: hop.username,
      fingerprints: hop.fingerprints,
      password: hop.passwordKey === undefined ? credential.password : credential.data[hop.passwordKey],
      privateKey:
        hop.privateKeyKey === undefined ? credential.privateKey : credential.data[hop.privateKeyKey],
    }));
    const named = this.proxyJump.map((text) => {
      const [, username, host = text, port = "22"] = /^(?:([^@]+)@)?([^:]+)(?::(\d+))?$/.exec(text) ?? [];
      const fingerprints = target.hostKeys.policy === "Strict" ? target.hostKeys.fingerprints : [];
      return {
        host,
        port: Number(port),
        username,
        fingerprints,
        password: credential.password,
        privateKey: credential.privateKey,
      };
    });
    return [...configured, ...named].map((hop) => ({
      ...this.sshTarget(args.ssh_algorithms === "legacy" ? "compatible" : args.ssh_algorithms),
      device: `${target.name} (jump host ${hop.host})`,
      host: hop.host,
      port: hop.port,
      credential: {
        data: {},
        ...((hop.username ?? credential.username) !== undefined && {
          username: hop.username ?? credential.username ?? "",
        }),
        ...(hop.password !== undefined && { password: hop.password }),
        ...(hop.privateKey !== undefined && { privateKey: hop.privateKey }),
        ...(credential.passphrase !== undefined && { passphrase: credential.passphrase }),
      },
      hostKeys:
        target.hostKeys.policy === "Insecure" && hop.fingerprints.length === 0
          ? target.hostKeys
          : { policy: "Strict" as const, fingerprints: hop.fingerprints },
    }));
  }

  private sshTarget(algorithms: SshTarget["algorithms"]): SshTarget {
    const { args, target, context } = this;
    const { privateKey: _, ...withoutKey } = this.credential;
    const sha2 = args.disable_sha2_fix ? { keys: ["rsa-sha2-256", "rsa-sha2-512"] } : {};
    const agent = args.allow_agent ? process.env.SSH_AUTH_SOCK : undefined;
    return {
      device: target.name,
      host: this.host,
      port: 22,
      credential: args.use_keys === false ? withoutKey : this.credential,
      hostKeys: target.hostKeys,
      limits: {
        connectMs: (args.timeout ?? args.conn_timeout) * 1000,
        bannerMs: args.banner_timeout * 1000,
        authMs: args.auth_timeout * 1000,
      },
      algorithms,
      disabledAlgorithms: { ...args.disabled_algorithms, ...sha2 },
      ...(agent !== undefined && { agent }),
      signal: context.signal,
    };
  }

  private keyboardAnswers(): Record<string, string> {
    const entries = Object.entries(this.args.keyboard_answers ?? {});
    return Object.fromEntries(entries.map(([question, key]) => [question, this.credential.data[key] ?? ""]));
  }

  private port(platform: Platform, transport: "ssh" | "telnet"): number {
    return this.configuredPort ?? (transport === "telnet" ? (telnetOf(platform)?.port ?? 23) : 22);
  }

  private unknownType(): Error {
    const { device_type: type } = this.args;
    const near = this.connector.platforms.similar(type).join(", ");
    const why = `there is no device type ${JSON.stringify(type)}${near === "" ? "" : `; near it are ${near}`}`;
    return deviceErrors.PlatformUnknown({ device: this.target.name, why });
  }
}

/** Tells credentials apart without keeping them. */
function digest(credential: Credential): string {
  const parts = [credential.username, credential.password, credential.privateKey, credential.secret];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}
