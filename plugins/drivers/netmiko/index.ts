import { ExpectChannel } from "../../../src/device/expect.ts";
import { connectSsh, type SshConnection } from "../../../src/device/ssh.ts";
import {
  BaseDriver,
  type ChangeResult,
  type Command,
  type CommandResult,
  type ConfigChange,
  type DeviceTarget,
  type DriverSession,
  deviceErrors,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { type Args, argsSchema } from "./args.ts";
import { Cli } from "./cli.ts";
import { configureLines, save } from "./config-set.ts";
import { isOnlyFailure } from "./failures.ts";
import { roleMode } from "./platform.ts";
import { PlatformLibrary } from "./platforms.ts";

export interface NetmikoSession extends DriverSession {
  readonly device: string;
  readonly cli: Cli;
  readonly connection: SshConnection;
  readonly args: Args;
}

/** Command lines of network devices over SSH: commands, configuration line by line, saving. The platform is `device_type`. */
export class NetmikoDriver extends BaseDriver<NetmikoSession> {
  static override readonly driverName = "netmiko";

  readonly argsSchema = argsSchema;
  readonly readOnly = {
    commands: [/(?:show|display|get|dir|more|ping|traceroute)\b[^|;&>`$]*(?:\|[^;&>`$]*)?/],
    methods: [],
  };
  private readonly platforms = new PlatformLibrary();

  override async connect(target: DeviceTarget, context: OperationContext): Promise<NetmikoSession> {
    const args = argsSchema.parse(target.args);
    const resolved = this.platforms.resolve(args.device_type);
    if (!resolved) {
      const known = this.platforms.similar(args.device_type);
      throw pluginErrors.PluginNotFound({ kind: "platform", name: args.device_type, known });
    }
    const { platform } = resolved;
    context.beforeWrite();
    const connection = await connectSsh({
      device: target.name,
      host: target.host,
      port: target.port ?? 22,
      credential: target.credential,
      hostKeys: target.hostKeys,
      limits: {
        connectMs: args.conn_timeout * 1000,
        bannerMs: args.banner_timeout * 1000,
        authMs: args.auth_timeout * 1000,
      },
      algorithms: args.ssh_algorithms,
      auth: platform.ssh.auth,
      usernameSuffix: platform.ssh.usernameSuffix,
      keyboardAnswers: platform.ssh.keyboardAnswers,
      signal: context.signal,
    });
    try {
      const { terminal: term, columns, rows } = platform.ssh;
      const transport = await connection.shell({ term, columns, rows });
      const channel = new ExpectChannel(transport, {
        device: target.name,
        encoding: platform.encoding,
        stripAnsi: true,
        tailLines: platform.promptLines,
        beforeWrite: context.beforeWrite,
      });
      const cli = new Cli(channel, {
        device: target.name,
        platform,
        credential: target.credential,
        readTimeoutMs: args.read_timeout * 1000,
        ...(args.prompt_pattern !== undefined && { promptPattern: args.prompt_pattern }),
      });
      await cli.open(context.signal);
      return { device: target.name, cli, connection, args, closed: transport.closed };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  override async executeCommand(
    session: NetmikoSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    const { cli, device } = session;
    return this.guarded(session, context, async () => {
      if (command.enableMode) await this.enable(cli, context.signal);
      const answer = await cli.input({
        send: command.command.trimEnd(),
        signal: context.signal,
        ...(command.dialogue && { dialogue: command.dialogue }),
        ...(command.readTimeoutMs !== undefined && { silenceMs: command.readTimeoutMs }),
        ...(context.onOutput && { onText: context.onOutput }),
      });
      const refusal = isOnlyFailure(answer.output, cli.failures);
      if (refusal !== undefined)
        throw deviceErrors.CommandRejected({ device, command: command.command, answer: refusal });
      return { command: command.command, output: answer.output };
    });
  }

  override configure(
    session: NetmikoSession,
    change: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    return this.guarded(session, context, () =>
      configureLines(session.cli, session.device, change, context.signal),
    );
  }

  /** Keeps the running configuration, as Netmiko's `save_config`. */
  saveConfig(session: NetmikoSession, context: OperationContext): Promise<void> {
    return this.guarded(session, context, () => save(session.cli, session.device, context.signal));
  }

  override disconnect(session: NetmikoSession, context: OperationContext): Promise<void> {
    const { cli, connection } = session;
    return cli
      .close(context.signal)
      .catch(() => {})
      .finally(() => connection.close());
  }

  private async enable(cli: Cli, signal: AbortSignal): Promise<void> {
    const mode = roleMode(cli.platform, "privileged");
    if (mode !== undefined && cli.mode !== roleMode(cli.platform, "config")) await cli.enter(mode, signal);
  }

  /** Writes are allowed only as the running operation's context says; a session that lost step is closed. */
  private async guarded<T>(
    session: NetmikoSession,
    context: OperationContext,
    run: () => Promise<T>,
  ): Promise<T> {
    session.cli.channel.beforeWrite = context.beforeWrite;
    try {
      return await run();
    } finally {
      if (session.cli.channel.outOfStep) session.connection.close();
    }
  }
}
