import { changeConfiguration } from "../../../src/device/eapi/change.ts";
import { CommandError } from "../../../src/device/eapi/command-error.ts";
import { withDialogue } from "../../../src/device/eapi/dialogue-input.ts";
import { failureOf } from "../../../src/device/eapi/failures.ts";
import { onlyReads, readOnlyCommands } from "../../../src/device/eapi/read-only.ts";
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
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { argsSchema, ignoredArguments } from "./args.ts";
import { connect } from "./connect.ts";
import { callOn, readOnlyMethods } from "./methods.ts";
import type { PyeapiSession } from "./session.ts";

/**
 * Arista EOS over eAPI: commands, configuration sessions, and pyeapi's node and API modules as methods. `driver.args` are pyeapi's;
 * docs/reference/pyeapi.md lists them.
 */
export class PyeapiDriver extends BaseDriver<PyeapiSession> {
  static override readonly driverName = "pyeapi";

  readonly argsSchema = argsSchema;
  readonly readOnly = { commands: readOnlyCommands, methods: readOnlyMethods };
  private readonly gate = new LoginGate();

  override async connect(target: DeviceTarget, context: OperationContext): Promise<PyeapiSession> {
    const session = await connect(target, context, this.gate, () => newSessionName(this.random));
    for (const note of ignoredArguments(target.args)) context.log.debug({ device: target.name }, note);
    return session;
  }

  override async executeCommand(
    session: PyeapiSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    const { encoding, strict, send_enable } = session.args;
    const options = { ...session.runOptions, strict, sendEnable: command.enableMode ?? send_enable };
    const { onOutput } = context;
    const limits = { timeoutMs: command.readTimeoutMs, ...(onOutput && { onOutput }) };
    try {
      const [result] = await session.during(
        context,
        () => session.node.enable(withDialogue(command, session.credential), encoding, options),
        limits,
      );
      const output = textOf(result?.result);
      // What was not passed on while it arrived, which is what is not text, is passed on now.
      onOutput?.(output);
      return {
        command: command.command,
        output: onOutput ? "" : output,
        platform: "arista_eos",
      };
    } catch (error) {
      throw error instanceof CommandError ? failureOf(error, session.device, command.command) : error;
    }
  }

  override async configure(
    session: PyeapiSession,
    change: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    const limits = { timeoutMs: change.readTimeoutMs };
    if (!session.args.config_session) refuseWithoutSession(change);
    return session.during(context, async () => changeConfiguration(session, change, context), limits);
  }

  override async call(session: PyeapiSession, call: MethodCall, context: OperationContext): Promise<unknown> {
    try {
      return await session.during(context, () => callOn(session, call));
    } finally {
      // Until the next call others may have changed the device.
      if (session.args.autorefresh) session.node.refresh();
    }
  }

  /** A configuration session that a call left open is dropped: nobody could commit it any more. */
  override async disconnect(session: PyeapiSession, context: OperationContext): Promise<void> {
    const { node } = session;
    try {
      if (node.sessionName !== undefined) await session.during(context, () => node.abort());
    } catch (error) {
      this.log.debug({ device: session.device, error: String(error) }, "a configuration session stays open");
    } finally {
      await session.close();
    }
  }

  override isAlive(session: PyeapiSession, context: OperationContext): Promise<boolean> {
    return session.isAlive(context);
  }

  /** Requests stand for themselves: after a timeout or a cancel the next one is in step, unless a change was under way. */
  override resynchronise(session: PyeapiSession, context: OperationContext): Promise<boolean> {
    return session.node.sessionName === undefined ? this.isAlive(session, context) : Promise.resolve(false);
  }

  override isReadOnly(operation: Operation): boolean {
    if (operation.kind !== "command") return super.isReadOnly(operation);
    const { command, dialogue } = operation.command;
    return !dialogue?.length && onlyReads(command);
  }
}

/** A text result as it is, a structured one as JSON. */
function textOf(result: unknown): string {
  if (typeof result === "object" && result !== null) {
    const keys = Object.keys(result);
    if (keys.length === 1 && "output" in result && typeof result.output === "string") return result.output;
  }
  return JSON.stringify(result, undefined, 2) ?? "";
}

function refuseWithoutSession(change: ConfigChange): void {
  const needs = [
    change.mode === "Replace" && "replacing the configuration",
    change.commit?.confirmTimeoutMs !== undefined && "a commit that takes itself back",
    change.onError === "Rollback" && "rolling back",
    change.dryRun && "a dry run",
  ].find((need) => need !== false);
  if (needs) throw pluginErrors.NotImplemented({ what: `${needs} without config_session`, driver: "pyeapi" });
}
