import { changeConfiguration } from "../../../src/device/eapi/change.ts";
import { CommandError } from "../../../src/device/eapi/command-error.ts";
import { connectEapi } from "../../../src/device/eapi/connect.ts";
import { withDialogue } from "../../../src/device/eapi/dialogue-input.ts";
import { failureOf } from "../../../src/device/eapi/failures.ts";
import { onlyReads, readOnlyCommands } from "../../../src/device/eapi/read-only.ts";
import type { EapiSession } from "../../../src/device/eapi/session.ts";
import { newSessionName } from "../../../src/device/eapi/session-name.ts";
import { LoginGate } from "../../../src/device/index.ts";
import {
  BaseDriver,
  type ChangeResult,
  type Command,
  type CommandResult,
  type ConfigChange,
  type DeviceTarget,
  type MethodCall,
  type Operation,
  type OperationContext,
  type PluginEnvironment,
} from "../../../src/plugin/index.ts";
import { argsSchema, ignoredArguments, type Settings, settingsOf } from "./args.ts";
import { callMethod, cliOnlyReads, readOnlyMethods } from "./methods.ts";

/** A session of this driver. */
export type NapalmSession = EapiSession<Settings>;

/**
 * NAPALM's getters, `cli` and compliance reports as methods, and configuration with a difference, over eAPI to Arista EOS.
 * `driver.args` are NAPALM's; docs/reference/compatibility/napalm.md says what is there.
 */
export class NapalmDriver extends BaseDriver<NapalmSession> {
  static override readonly driverName = "napalm";

  readonly argsSchema = argsSchema;
  readonly readOnly = { commands: readOnlyCommands, methods: readOnlyMethods };
  private readonly gate = new LoginGate();
  private readonly now: () => number;

  /** `now` is the time in milliseconds since 1970. */
  constructor(environment: PluginEnvironment, now: () => number = Date.now) {
    super(environment);
    this.now = now;
  }

  override async connect(target: DeviceTarget, context: OperationContext): Promise<NapalmSession> {
    const sessionName = () => newSessionName(this.random);
    const session = await connectEapi(target, context, {
      args: settingsOf(target.args),
      gate: this.gate,
      sessionName,
    });
    for (const note of ignoredArguments(target.args)) context.log.debug({ device: target.name }, note);
    return session;
  }

  override async executeCommand(
    session: NapalmSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    const { onOutput } = context;
    const limits = { timeoutMs: command.readTimeoutMs, ...(onOutput && { onOutput }) };
    const options = { ...session.runOptions, sendEnable: command.enableMode ?? session.args.sendEnable };
    try {
      const output = await session.during(
        context,
        () => session.node.text(withDialogue(command, session.credential), options),
        limits,
      );
      return { command: command.command, output, platform: "arista_eos" };
    } catch (error) {
      throw error instanceof CommandError ? failureOf(error, session.device, command.command) : error;
    }
  }

  override configure(
    session: NapalmSession,
    change: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    const limits = { timeoutMs: change.readTimeoutMs };
    return session.during(context, () => changeConfiguration(session, change, context), limits);
  }

  override call(session: NapalmSession, call: MethodCall, context: OperationContext): Promise<unknown> {
    const now = this.now() / 1000;
    return session.during(context, () => callMethod({ session, context, now }, call));
  }

  override async disconnect(session: NapalmSession): Promise<void> {
    await session.close();
  }

  override isAlive(session: NapalmSession, context: OperationContext): Promise<boolean> {
    return session.isAlive(context);
  }

  /** Requests stand for themselves: after a timeout or a cancel the next one is in step, unless a change was under way. */
  override resynchronise(session: NapalmSession, context: OperationContext): Promise<boolean> {
    return session.node.sessionName === undefined ? session.isAlive(context) : Promise.resolve(false);
  }

  override isReadOnly(operation: Operation): boolean {
    if (operation.kind === "call" && operation.call.method === "cli") return cliOnlyReads(operation.call);
    if (operation.kind !== "command") return super.isReadOnly(operation);
    const { command, dialogue } = operation.command;
    return !dialogue?.length && onlyReads(command);
  }
}
