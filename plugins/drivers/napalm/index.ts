import { LoginGate, newSshLogins } from "../../../src/device/index.ts";
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
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { argsSchema } from "./args.ts";
import { callMethod, cliOnlyReads, readOnlyMethods } from "./methods.ts";
import { platformOf } from "./platforms.ts";
import type { PlatformSession } from "./session.ts";

/** A session of this driver. */
export type NapalmSession = PlatformSession;

/**
 * NAPALM's getters, configuration verbs, `cli` and compliance reports as methods, and configuration with a difference. `driver.args` are
 * NAPALM's; docs/reference/compatibility/napalm.md says what each platform has.
 */
export class NapalmDriver extends BaseDriver<NapalmSession> {
  static override readonly driverName = "napalm";

  readonly argsSchema = argsSchema;
  /** Where the platform is reached by its command line. */
  override readonly reachesConsoles = true;
  readonly readOnly = { commands: [], methods: readOnlyMethods };
  private readonly gate = new LoginGate();
  private readonly ssh = newSshLogins(this.gate);
  private readonly now: () => number;

  /** `now` is the time in milliseconds since 1970. */
  constructor(environment: PluginEnvironment, now: () => number = Date.now) {
    super(environment);
    this.now = now;
  }

  override connect(target: DeviceTarget, context: OperationContext): Promise<NapalmSession> {
    const args = argsSchema.parse(target.args);
    const platform = platformOf(String(args.platform));
    if (!platform)
      return Promise.reject(
        pluginErrors.NotImplemented({ what: `platform ${String(args.platform)}`, driver: "napalm" }),
      );
    const { gate, ssh, log, random, now } = this;
    return platform.connect({ ...target, args }, context, { gate, ssh, log, random, now });
  }

  override executeCommand(
    session: NapalmSession,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult> {
    return session.execute(command, context);
  }

  override configure(
    session: NapalmSession,
    change: ConfigChange,
    context: OperationContext,
  ): Promise<ChangeResult> {
    return session.configure(change, context);
  }

  override call(session: NapalmSession, call: MethodCall, context: OperationContext): Promise<unknown> {
    return callMethod(session, call, context);
  }

  override disconnect(session: NapalmSession, context: OperationContext): Promise<void> {
    return session.close(context);
  }

  override isAlive(session: NapalmSession, context: OperationContext): Promise<boolean> {
    return session.isAlive(context);
  }

  override resynchronise(session: NapalmSession, context: OperationContext): Promise<boolean> {
    return session.resynchronise(context);
  }

  override isReadOnly(operation: Operation): boolean {
    if (operation.kind !== "command" && operation.kind !== "call") return super.isReadOnly(operation);
    const onlyReads = (command: string) => readsOn(operation.args, command);
    if (operation.kind === "call")
      return operation.call.method === "cli"
        ? cliOnlyReads(operation.call, onlyReads)
        : super.isReadOnly(operation);
    const { command, dialogue } = operation.command;
    return !dialogue?.length && onlyReads(command);
  }
}

/** Whether a command only reads on the platform that the arguments name; without one nothing is known to. */
function readsOn(given: Readonly<Record<string, unknown>>, command: string): boolean {
  const args = argsSchema.safeParse(given);
  const platform = args.success ? platformOf(String(args.data.platform)) : undefined;
  return platform?.onlyReads(command) ?? false;
}
