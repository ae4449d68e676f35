import { changeConfiguration } from "../../../../src/device/eapi/change.ts";
import { CommandError } from "../../../../src/device/eapi/command-error.ts";
import { connectEapi } from "../../../../src/device/eapi/connect.ts";
import { withDialogue } from "../../../../src/device/eapi/dialogue-input.ts";
import { answerOf, failureOf } from "../../../../src/device/eapi/failures.ts";
import type { EapiSession } from "../../../../src/device/eapi/session.ts";
import { newSessionName } from "../../../../src/device/eapi/session-name.ts";
import type {
  ChangeResult,
  Command,
  ConfigChange,
  DeviceTarget,
  OperationContext,
} from "../../../../src/plugin/index.ts";
import { CommandRefused } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import type { EapiRequest } from "./request.ts";
import { type EosSettings, eosSettings } from "./settings.ts";
import { changePlan } from "./verbs.ts";

/** EOS over eAPI. */
export class EosLink implements DeviceLink<EapiRequest, readonly unknown[], EapiRequest, readonly unknown[]> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #session: EapiSession<EosSettings>;

  constructor(session: EapiSession<EosSettings>) {
    this.#session = session;
    this.closed = session.closed;
    this.device = session.device;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, random }: Services,
  ): Promise<EosLink> {
    const sessionName = () => newSessionName(random);
    const session = await connectEapi(target, context, {
      args: eosSettings(target.args),
      gate,
      sessionName,
    });
    return new EosLink(session);
  }

  ask(request: EapiRequest, context: OperationContext): Promise<readonly unknown[]> {
    return this.#run(request, context, this.#session.args.sendEnable);
  }

  send(request: EapiRequest, context: OperationContext, timeoutMs?: number): Promise<readonly unknown[]> {
    return this.#run(request, context, true, timeoutMs);
  }

  async run(command: Command, context: OperationContext): Promise<string> {
    const session = this.#session;
    const { onOutput } = context;
    const limits = { timeoutMs: command.readTimeoutMs, ...(onOutput && { onOutput }) };
    const options = { ...session.runOptions, sendEnable: command.enableMode ?? session.args.sendEnable };
    try {
      return await session.during(
        context,
        () => session.node.text(withDialogue(command, session.credential), options),
        limits,
      );
    } catch (error) {
      throw error instanceof CommandError ? failureOf(error, session.device, command.command) : error;
    }
  }

  async runJson(command: string, context: OperationContext): Promise<unknown> {
    const [result] = await this.ask({ commands: [command], encoding: "json" }, context);
    return result;
  }

  /** In a configuration session of its own, whose commit a timer takes back: see `changeConfiguration`. */
  async configure(change: ConfigChange, context: OperationContext): Promise<ChangeResult> {
    const session = this.#session;
    const limits = { timeoutMs: change.readTimeoutMs };
    const result = await session.during(context, () => changeConfiguration(session, change, context), limits);
    return change.dryRun && !result.error ? { ...result, plan: changePlan(change) } : result;
  }

  isAlive(context: OperationContext): Promise<boolean> {
    return this.#session.isAlive(context);
  }

  /** Requests stand for themselves: after a timeout or a cancel the next one is in step, unless a change was under way. */
  resynchronise(context: OperationContext): Promise<boolean> {
    const { node } = this.#session;
    return node.sessionName === undefined ? this.isAlive(context) : Promise.resolve(false);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(
    { commands, encoding }: EapiRequest,
    context: OperationContext,
    sendEnable: boolean,
    timeoutMs?: number,
  ): Promise<readonly unknown[]> {
    const session = this.#session;
    try {
      return await session.during(
        context,
        () => session.node.runCommands(commands, encoding, { ...session.runOptions, sendEnable }),
        { timeoutMs },
      );
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const failure = failureOf(error, session.device, String(commands[0]));
      if (failure.code !== "CommandRejected") throw failure;
      const index = error.failedIndex === undefined ? undefined : error.failedIndex - (sendEnable ? 1 : 0);
      const refused = index === undefined ? undefined : commands[index];
      const command = typeof refused === "object" ? refused.cmd : refused;
      throw new CommandRefused(answerOf(error), { cause: error, command, index });
    }
  }
}
