import { z } from "zod";
import { LoginGate, usualLimits } from "../../../src/device/login-gate.ts";
import { newSshLogins } from "../../../src/device/ssh-login.ts";
import {
  BaseDriver,
  type ChangeResult,
  type Command,
  type CommandResult,
  type ConfigChange,
  type DeviceTarget,
  type DriverTerminal,
  type MethodCall,
  type Operation,
  type OperationContext,
  type PluginEnvironment,
  pluginErrors,
  type Transfer,
  type TransferResult,
} from "../../../src/plugin/index.ts";
import { argsSchema, ignoredArguments } from "./args.ts";
import { changeByCandidate } from "./candidate-change.ts";
import { planChange } from "./change-plan.ts";
import { runCommand } from "./commands.ts";
import { type Connector, connect, newConnector } from "./connect.ts";
import { carryFiles } from "./files.ts";
import { changeByLines } from "./line-change.ts";
import { methods, namedArguments } from "./methods.ts";
import { configuresPrivileged } from "./platform.ts";
import { BUILT_IN, PlatformLibrary } from "./platforms.ts";
import { networkCommands, onlyReads } from "./read-only.ts";
import { resynchronise } from "./resync.ts";
import { save } from "./save.ts";
import { answers, inStep, type NetmikoSession, sayGoodbye } from "./session.ts";

export type { NetmikoSession } from "./session.ts";

const configSchema = z.strictObject({
  platformFolders: z
    .array(z.string())
    .default([])
    .describe(
      "Folders with more platform files; one of the same name as a built-in file replaces or extends it.",
    ),
  agentFolders: z
    .array(z.string())
    .default([])
    .describe(
      "Folders in which the sockets of SSH agents may lie that driver.args.ssh_agent names, such as a volume of the worker pods.",
    ),
  logins: z
    .strictObject({
      perHost: z
        .number()
        .int()
        .min(1)
        .max(64)
        .default(usualLimits.perHost)
        .describe("Logins under way at once to one host."),
      perWorker: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(usualLimits.perProcess)
        .describe("Logins under way at once in one worker."),
      firstPauseSeconds: z
        .number()
        .min(0)
        .max(3600)
        .default(usualLimits.firstPauseMs / 1000)
        .describe(
          "Pause after a refused login before the same credential is tried again; doubles each time.",
        ),
      longestPauseSeconds: z
        .number()
        .min(0)
        .max(86_400)
        .default(usualLimits.longestPauseMs / 1000)
        .describe("Longest such pause."),
    })
    .prefault({})
    .describe("Limits on logins, so that no account is locked out."),
});

/**
 * Command lines of network devices over SSH and Telnet, for every device type that Netmiko knows: commands, configuration, saving and
 * Netmiko's methods. `driver.args` are Netmiko's; docs/reference/netmiko.md lists them.
 */
export class NetmikoDriver extends BaseDriver<NetmikoSession> {
  static override readonly driverName = "netmiko";
  static readonly configSchema = configSchema;

  readonly argsSchema = argsSchema;
  override readonly reachesConsoles = true;
  readonly readOnly = {
    commands: networkCommands,
    methods: Object.keys(methods).filter((name) => methods[name]?.readsOnly),
  };
  private readonly connector: Connector;

  constructor(environment: PluginEnvironment) {
    super(environment);
    const { platformFolders, agentFolders, logins } = configSchema.parse(environment.config ?? {});
    const gate = new LoginGate({
      perHost: logins.perHost,
      perProcess: logins.perWorker,
      firstPauseMs: logins.firstPauseSeconds * 1000,
      longestPauseMs: logins.longestPauseSeconds * 1000,
    });
    const library = new PlatformLibrary([BUILT_IN, ...platformFolders]);
    this.connector = newConnector(library, newSshLogins(gate, agentFolders));
  }

  override async connect(target: DeviceTarget, context: OperationContext): Promise<NetmikoSession> {
    const session = await connect(this.connector, target, context);
    for (const note of ignoredArguments(target.args)) context.log.debug({ device: target.name }, note);
    return session;
  }

  override executeCommand(
    session: NetmikoSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    return inStep(session, context, async () => {
      // Where configuration is done as root, that mode is no reason to log out of it.
      if (!configuresPrivileged(session.cli.platform)) await session.cli.leaveConfig(context.signal);
      const result = await runCommand(session.cli, command, session.args, context);
      return { ...result, ...templateHints(session) };
    });
  }

  override configure(
    session: NetmikoSession,
    given: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    return inStep(session, context, async () => {
      const { cli } = session;
      const plan = planChange(cli.platform, given);
      // A line that holds several would send the second before the first was answered.
      const change = { ...given, lines: given.lines.flatMap((line) => line.split(/\r?\n/)) };
      session.changing = true;
      const { candidate } = cli.platform;
      const result =
        plan.through === "candidate" && candidate
          ? await changeByCandidate(cli, candidate, change, context.signal)
          : await changeByLines(cli, change, session.args, context.signal);
      session.changing = cli.channel.outOfStep;
      return plan.notes.length === 0 ? result : { ...result, notes: plan.notes };
    });
  }

  /** Keeps the running configuration for the next start. Throws `SaveFailed`; does nothing where the platform has no such thing. */
  async saveConfig(session: NetmikoSession, context: OperationContext): Promise<void> {
    await inStep(session, context, () => save(session.cli, context.signal));
  }

  override call(session: NetmikoSession, call: MethodCall, context: OperationContext): Promise<unknown> {
    const method = methods[call.method];
    if (!method)
      return Promise.reject(
        pluginErrors.NotImplemented({ what: `method ${call.method}`, driver: "netmiko" }),
      );
    return inStep(session, context, async () => {
      session.changing = !method.readsOnly;
      const result = await method.run(session, namedArguments(call.method, call.args), context);
      session.changing = false;
      return result;
    });
  }

  override transfer(
    session: NetmikoSession,
    transfer: Transfer,
    context: OperationContext,
  ): Promise<TransferResult> {
    return inStep(session, context, () => carryFiles(session, transfer, context));
  }

  override async disconnect(session: NetmikoSession, context: OperationContext): Promise<void> {
    try {
      await sayGoodbye(session, context);
    } catch (error) {
      this.log.debug({ device: session.device, error }, "the device did not say goodbye");
    }
  }

  /** Asks the device for a prompt. */
  override isAlive(session: NetmikoSession, context: OperationContext): Promise<boolean> {
    return answers(session, context);
  }

  override resynchronise(session: NetmikoSession, context: OperationContext): Promise<boolean> {
    if (session.changing) return Promise.resolve(false);
    session.cli.channel.beforeWrite = context.beforeWrite;
    return resynchronise(session.cli, this.random, context.signal);
  }

  override terminal({ cli }: NetmikoSession): DriverTerminal {
    const { channel, platform } = cli;
    const prompts = Object.entries(platform.modes).map(([mode, { prompt }]) => [mode, prompt]);
    return {
      platform: platform.name,
      modes: Object.fromEntries(prompts),
      lineEnd: platform.lineEnd,
      // What the login ended with is no longer in the channel.
      get lastLine() {
        return channel.lastLine || cli.lastPrompt;
      },
      modeAt: (line) => cli.modeAt(line),
      write: (text) => channel.write(text),
      onText: (listener) => {
        channel.observer = listener;
      },
    };
  }

  override isReadOnly(operation: Operation): boolean {
    if (operation.kind !== "command") return super.isReadOnly(operation);
    if (operation.command.dialogue?.length) return false;
    const type = operation.args.device_type;
    const platform = typeof type === "string" ? this.connector.platforms.resolve(type)?.platform : undefined;
    return onlyReads(operation.command.command, platform);
  }
}

/** Under which name template libraries know the device, and how its arguments ask for parsing. */
function templateHints({ cli, args }: NetmikoSession): Pick<CommandResult, "platform" | "parse"> {
  const required = args.raise_parsing_error ?? false;
  const wish = (engine: string, template: string | undefined) => ({
    engine,
    required,
    ...(template !== undefined && { template }),
  });
  const parse = args.use_textfsm
    ? wish("textfsm", args.textfsm_template)
    : args.use_ttp
      ? wish("ttp", args.ttp_template)
      : undefined;
  return { platform: cli.platform.ntcTemplates ?? cli.platform.name, ...(parse && { parse }) };
}
