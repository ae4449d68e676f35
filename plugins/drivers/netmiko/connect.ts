import { ExpectChannel } from "../../../src/device/expect.ts";
import { type SessionLog, sessionLog } from "../../../src/device/session-log.ts";
import type { SshConnection } from "../../../src/device/ssh.ts";
import { newSshLogins, SshLogin, type SshLogins } from "../../../src/device/ssh-login.ts";
import { connectTelnet } from "../../../src/device/telnet.ts";
import type { Transport } from "../../../src/device/transport.ts";
import { type DeviceTarget, deviceErrors, type OperationContext } from "../../../src/plugin/index.ts";
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
  readonly logins: SshLogins;
  /** Host key or address -> platform that was detected there. */
  readonly detected: Map<string, string>;
}

export function newConnector(platforms: PlatformLibrary, logins: SshLogins = newSshLogins()): Connector {
  return { platforms, logins, detected: new Map() };
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
  private readonly ways: SshLogin;
  private log: SessionLog | undefined;

  constructor(connector: Connector, target: DeviceTarget, context: OperationContext) {
    this.connector = connector;
    this.target = target;
    this.context = context;
    this.args = parseArgs(target.args);
    const { timeout = this.args.conn_timeout } = this.args;
    this.ways = new SshLogin(connector.logins, target, { ...this.args, conn_timeout: timeout }, context);
  }

  async run(): Promise<NetmikoSession> {
    const { args } = this;
    const automatic = args.device_type === "autodetect";
    const resolved = automatic ? undefined : this.connector.platforms.resolve(args.device_type);
    if (!automatic && !resolved) throw this.unknownType();
    const platform = this.adjusted(resolved?.platform ?? unknownPlatform, resolved?.transport ?? "ssh");
    this.context.beforeWrite();
    return this.login(platform, resolved?.transport ?? "ssh", automatic);
  }

  /** One login to the first prompt, within the limits of the host and the process. */
  private login(
    platform: Platform,
    transport: "ssh" | "telnet",
    automatic: boolean,
  ): Promise<NetmikoSession> {
    const { args, target } = this;
    const port = this.port(platform, transport);
    return this.ways.gated(port, async () => {
      const link = await (transport === "telnet" ? this.telnet(platform, port) : this.ssh(platform, port));
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
    });
  }

  private async ssh({ ssh }: Platform, port: number): Promise<Link> {
    const { auth, usernameSuffix, keyboardAnswers } = ssh;
    const connection = await this.ways.connectNow(port, {
      auth,
      usernameSuffix,
      keyboardAnswers,
      ...(ssh.algorithms === "modern" && { oldest: "modern" }),
    });
    try {
      const transport = await connection.shell({ term: ssh.terminal, columns: ssh.columns, rows: ssh.rows });
      return { transport, ssh: connection, close: () => connection.close() };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private async telnet(platform: Platform, port: number): Promise<Link> {
    const { target, args, context } = this;
    const login = telnetOf(platform);
    if (target.hostKeys.policy !== "Insecure" || !login)
      throw deviceErrors.TelnetNotAllowed({ device: target.name });
    const route = await this.ways.route(port);
    const transport = await connectTelnet({
      device: target.name,
      host: this.ways.host,
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
    const { args, context } = this;
    const channel = this.channel(link, platform);
    const cli = new Cli(channel, this.cliOptions(platform, link));
    await cli.open(context.signal);
    if (args.redispatch === undefined) return cli;
    const known = this.connector.platforms.resolve(args.redispatch)?.platform;
    if (!known) throw this.unknownType(args.redispatch);
    return this.goOn(cli, known, link);
  }

  /** Finds out the platform on the open session and goes on with it. */
  private async detected(link: Link, platform: Platform): Promise<Cli> {
    const { connector, target, context } = this;
    const channel = this.channel(link, platform);
    const stranger = new Cli(channel, this.cliOptions(platform, link));
    await stranger.open(context.signal);
    // A device that was replaced shows another key; devices of one image may show the same.
    const key = `${this.ways.host}:${this.ways.configuredPort ?? ""} ${link.ssh?.fingerprint ?? ""}`;
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
    return this.goOn(stranger, found, link);
  }

  /** The same command line, now as the platform that it is. */
  private async goOn({ channel, lastPrompt }: Cli, found: Platform, link: Link): Promise<Cli> {
    const known = this.adjusted(found, "ssh");
    channel.setTailLines(known.promptLines);
    const cli = new Cli(channel, this.cliOptions(known, link));
    await cli.takeOver(lastPrompt, this.context.signal);
    return cli;
  }

  private channel(link: Link, platform: Platform): ExpectChannel {
    const { target, args, context } = this;
    const logged = args.session_log !== undefined && args.session_log !== false;
    this.log = logged ? this.sessionLog(link.transport) : undefined;
    return new ExpectChannel(link.transport, {
      device: target.name,
      encoding: platform.encoding,
      stripAnsi: true,
      tailLines: platform.promptLines,
      beforeWrite: context.beforeWrite,
      ...(this.log && { log: this.log }),
    });
  }

  /** The conversation in the worker's log, secrets masked. */
  private sessionLog(transport: Transport): SessionLog {
    const { target, args, context } = this;
    const { credential } = this.ways;
    const log = sessionLog(
      [
        credential.password,
        credential.secret,
        credential.passphrase,
        credential.data.totp,
        credential.data.otp?.trim(),
      ],
      (direction, text) => context.log.info({ device: target.name, direction, text }, "session"),
      { recordsWrites: args.session_log_record_writes },
    );
    void transport.closed.then(() => log.end());
    return log;
  }

  private cliOptions(platform: Platform, link: Link): CliOptions {
    const { args, target } = this;
    return {
      device: target.name,
      platform,
      credential: this.ways.credential,
      readTimeoutMs: (args.read_timeout_override ?? args.read_timeout) * 1000,
      ...(args.prompt_pattern !== undefined && { promptPattern: args.prompt_pattern }),
      ...(link.login && { login: link.login }),
      loginWith: {
        manner: this.ways.manner,
        onSecret: (secret) => this.log?.hide(secret),
        ...(this.ways.codes && { codes: this.ways.codes }),
      },
      ...(args.duo !== undefined && { pushMs: args.push_timeout * 1000 }),
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

  private port(platform: Platform, transport: "ssh" | "telnet"): number {
    return this.ways.port(transport === "telnet" ? (telnetOf(platform)?.port ?? 23) : 22);
  }

  private unknownType(type = this.args.device_type): Error {
    const near = this.connector.platforms.similar(type).join(", ");
    const why = `there is no device type ${JSON.stringify(type)}${near === "" ? "" : `; near it are ${near}`}`;
    return deviceErrors.PlatformUnknown({ device: this.target.name, why });
  }
}
