import { setTimeout as pause } from "node:timers/promises";
import { onlyReadsInShell, readingPrograms } from "../../../src/device/reading-programs.ts";
import { newSshLogins } from "../../../src/device/ssh-login.ts";
import { posixFileCommands, transferFiles } from "../../../src/device/transfer/index.ts";
import {
  BaseDriver,
  type ChangeResult,
  type Command,
  type CommandResult,
  type ConfigChange,
  type DetachedWork,
  type DeviceTarget,
  type MethodCall,
  type Operation,
  type OperationContext,
  type ProgramFeature,
  type Script,
  type Transfer,
  type TransferResult,
} from "../../../src/plugin/index.ts";
import { argsSchema, ignoredArguments } from "./args.ts";
import { runCommand, runScript } from "./command.ts";
import { configure } from "./configure.ts";
import { connect } from "./connect.ts";
import {
  cancelDetached,
  followDetached,
  forgetDetached,
  listDetached,
  startDetached,
} from "./detached/detached.ts";
import { callMethod, methods } from "./methods.ts";
import type { ParamikoSession } from "./session.ts";

// Programs that were killed are gone at once; one that was not reached holds its channel for as long as it runs.
const CHANNELS_CLOSE_WITHIN_MS = 2000;

export type { ParamikoSession } from "./session.ts";

/**
 * Hosts and appliances that run programs over SSH, such as Linux: commands with their exit status, scripts, sudo, and programs that
 * outlive the connection. `driver.args` have the names of NetPulse's paramiko driver; docs/reference/paramiko.md lists them.
 */
export class ParamikoDriver extends BaseDriver<ParamikoSession> {
  static override readonly driverName = "paramiko";

  readonly argsSchema = argsSchema;
  readonly readOnly = {
    commands: readingPrograms,
    methods: Object.keys(methods).filter((name) => methods[name]?.readsOnly),
  };
  override readonly honours: readonly ProgramFeature[] = [
    "environment",
    "workingDirectory",
    "timeLimitSeconds",
    "continueOnError",
    "sudo",
    "pty",
    "script",
  ];
  private readonly logins = newSshLogins();

  override async connect(target: DeviceTarget, context: OperationContext): Promise<ParamikoSession> {
    const session = await connect(this.logins, target, context);
    for (const note of ignoredArguments(target.args)) context.log.debug({ device: target.name }, note);
    return session;
  }

  override executeCommand(
    session: ParamikoSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    return runCommand(session, command, context);
  }

  override runScript(
    session: ParamikoSession,
    script: Script,
    context: OperationContext,
  ): Promise<CommandResult> {
    return runScript(session, script, context);
  }

  override configure(
    session: ParamikoSession,
    change: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    return configure(session, change, context);
  }

  override call(session: ParamikoSession, call: MethodCall, context: OperationContext): Promise<unknown> {
    return callMethod(session, call, context);
  }

  override readonly detaches = true;

  override startDetached(session: ParamikoSession, work: DetachedWork, context: OperationContext) {
    return startDetached(session, work, context);
  }

  override followDetached(session: ParamikoSession, id: string, offset: number, context: OperationContext) {
    return followDetached(session, id, offset, context);
  }

  override cancelDetached(session: ParamikoSession, id: string, context: OperationContext) {
    return cancelDetached(session, id, context);
  }

  override forgetDetached(session: ParamikoSession, id: string, context: OperationContext) {
    return forgetDetached(session, id, context);
  }

  override listDetached(session: ParamikoSession, context: OperationContext) {
    return listDetached(session, context);
  }

  override transfer(
    { device, connection, again }: ParamikoSession,
    transfer: Transfer,
    context: OperationContext,
  ): Promise<TransferResult> {
    const peer = { device, connection, again: () => again(context), commands: posixFileCommands };
    return transferFiles(peer, transfer, context);
  }

  override disconnect(session: ParamikoSession): Promise<void> {
    session.connection.close();
    return Promise.resolve();
  }

  override isAlive(session: ParamikoSession, context: OperationContext): Promise<boolean> {
    if (session.gone) return Promise.resolve(false);
    const silent = new Promise<boolean>((resolve) => {
      context.signal.addEventListener("abort", () => resolve(false), { once: true });
    });
    return Promise.race([session.connection.ping(), silent]);
  }

  /** Programs do not share a channel: nothing is left of one that was ended, unless it still runs. */
  override async resynchronise(session: ParamikoSession, context: OperationContext): Promise<boolean> {
    await Promise.race([
      Promise.all([...session.running].map(({ gone }) => gone)),
      pause(CHANNELS_CLOSE_WITHIN_MS, undefined, { ref: false }),
    ]);
    return session.running.size === 0 && (await this.isAlive(session, context));
  }

  /** A program whose variables or answers are given from outside may do anything. */
  override isReadOnly(operation: Operation): boolean {
    if (operation.kind !== "command") return super.isReadOnly(operation);
    const { command, args } = operation;
    if (command.dialogue?.length) return false;
    const told = [args.environment, args.expect_map, command.environment].some(
      (map) => map !== undefined && Object.keys(map as object).length > 0,
    );
    return !told && onlyReadsInShell(command.command);
  }
}
