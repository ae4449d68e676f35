import {
  CONSOLE_ENTER,
  CONSOLE_LINES,
  type ConsoleLine,
} from "../../../src/device/console-server/console-line.ts";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { type SessionLog, sessionLog } from "../../../src/device/session-log.ts";
import type { SshConnection } from "../../../src/device/ssh.ts";
import {
  newSshLogins,
  SshLogin,
  type SshLogins,
  type SshPeculiarities,
} from "../../../src/device/ssh-login.ts";
import { connectTelnet } from "../../../src/device/telnet.ts";
import type { Transport } from "../../../src/device/transport.ts";
import { type DeviceTarget, deviceErrors, type OperationContext } from "../../../src/plugin/index.ts";
import { type Args, parseArgs } from "./args.ts";
import { Cli, type CliOptions } from "./cli.ts";
import { type ConsoleWay, connectConsole, consoleLine, lineQuestions, logoutOf } from "./console.ts";
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
  /** The way through a console server. */
  readonly console?: ConsoleWay;
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
  /** Present on a console server. */
  private line: ConsoleLine | undefined;

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
    const { target } = this;
    const port = this.port(platform, transport);
    if (this.args.console && !target.consoleServer)
      throw deviceErrors.CallInvalid({
        method: target.name,
        why: "driver.args.console says how a line of a console server is reached, and the device names no consoleServer in its pool",
      });
    const server = target.consoleServer && [target.consoleServer.credential];
    const direct = () => (transport === "telnet" ? this.telnet(platform, port) : this.ssh(platform, port));
    return this.ways.withCodes(async () => {
      const line = await this.throughConsole(platform);
      try {
        return await this.ways.gated(port, async () =>
          this.sessionOn(line ?? (await direct()), platform, automatic, port),
        );
      } catch (error) {
        line?.close();
        throw error;
      }
    }, server);
  }

  private async sessionOn(
    link: Link,
    platform: Platform,
    automatic: boolean,
    port: number,
  ): Promise<NetmikoSession> {
    const { args, target } = this;
    try {
      const cli = automatic ? await this.detected(link, platform) : await this.opened(link, platform);
      return {
        device: target.name,
        args,
        cli,
        changing: false,
        operation: undefined,
        closed: link.transport.closed,
        ...(link.ssh && {
          ssh: {
            connection: link.ssh,
            again: (again: OperationContext) => this.again(platform, port, again),
          },
        }),
        ...this.ending(link, cli.platform, cli.channel),
      };
    } catch (error) {
      if (this.line) await this.ending(link, platform, this.line.channel).leave?.();
      link.close();
      throw error;
    }
  }

  /** How a session is ended: at once, or, where it outlives its connection, logged out of in any case. */
  private ending(
    link: Link,
    platform: Platform,
    channel: ExpectChannel,
  ): Pick<NetmikoSession, "abort" | "leave"> {
    const { line } = this;
    if (!line) return { abort: () => link.close() };
    let left: Promise<void> | undefined;
    const leave = (signal?: AbortSignal) => {
      left ??= line.leave(logoutOf(platform), channel.outOfStep, signal);
      return left;
    };
    return { leave, abort: () => void leave().finally(() => link.close()) };
  }

  /** The connection to the device's console server; undefined where it has none. */
  private async throughConsole(platform: Platform): Promise<Link | undefined> {
    const { target, args, context, ways } = this;
    const server = target.consoleServer;
    if (!server) return undefined;
    const named = { ...server, name: `${target.name} (console server ${server.name})` };
    const way: ConsoleWay = {
      logins: this.connector.logins,
      target,
      server: named,
      args,
      context,
      codes: ways.codes,
    };
    return { ...(await connectConsole(way)), console: way, login: lineQuestions(platform) };
  }

  /** A conversation with the device: on a console server's line, when it has given a sign of life. */
  private async conversation(link: Link, platform: Platform): Promise<ExpectChannel> {
    const channel = this.channel(link, platform);
    if (!link.console) return channel;
    this.line = consoleLine(link.console, channel, (secret) => this.log?.hide(secret));
    await this.line.reach(this.context.signal);
    channel.setTailLines(platform.promptLines);
    return channel;
  }

  private async ssh({ ssh }: Platform, port: number): Promise<Link> {
    const connection = await this.ways.connectNow(port, peculiarities(ssh));
    try {
      const transport = await connection.shell({ term: ssh.terminal, columns: ssh.columns, rows: ssh.rows });
      return { transport, ssh: connection, close: () => connection.close() };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Another connection to the same device, for another operation than that which logged in first. */
  private again({ ssh }: Platform, port: number, context: OperationContext): Promise<SshConnection> {
    context.beforeWrite();
    return new Connecting(this.connector, this.target, context).ways.connect(port, peculiarities(ssh));
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
    const channel = await this.conversation(link, platform);
    const cli = new Cli(channel, this.cliOptions(platform, link));
    await cli.open(context.signal);
    if (cli.foundOpen) this.tellFoundOpen();
    if (args.redispatch === undefined) return cli;
    const known = this.connector.platforms.resolve(args.redispatch)?.platform;
    if (!known) throw this.unknownType(args.redispatch);
    return this.goOn(cli, known, link);
  }

  /** Finds out the platform on the open session and goes on with it. */
  private async detected(link: Link, platform: Platform): Promise<Cli> {
    const { connector, target, context } = this;
    const channel = await this.conversation(link, platform);
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
      tailLines: link.console ? CONSOLE_LINES : platform.promptLines,
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
      ...(link.console && { onLine: true }),
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
    const serialEnd = this.target.consoleServer && CONSOLE_ENTER;
    const lineEnd = (enter ?? serialEnd ?? telnetEnd ?? platform.lineEnd) as Platform["lineEnd"];
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

  private tellFoundOpen(): void {
    const { target, context } = this;
    context.log.warn({ device: target.name }, "the console line was left open by somebody");
    context.notify?.(
      "ConsoleFoundOpen",
      `The console line of ${target.name} stood at a prompt without a login: somebody did not log out. It was taken to its first mode, ` +
        "and the session is the one of whoever left it; it is logged out of at the end.",
    );
  }

  private unknownType(type = this.args.device_type): Error {
    const near = this.connector.platforms.similar(type).join(", ");
    const why = `there is no device type ${JSON.stringify(type)}${near === "" ? "" : `; near it are ${near}`}`;
    return deviceErrors.PlatformUnknown({ device: this.target.name, why });
  }
}

function peculiarities({
  auth,
  usernameSuffix,
  keyboardAnswers,
  algorithms,
}: Platform["ssh"]): SshPeculiarities {
  return {
    auth,
    usernameSuffix,
    keyboardAnswers,
    ...(algorithms === "modern" && { oldest: "modern" as const }),
  };
}
