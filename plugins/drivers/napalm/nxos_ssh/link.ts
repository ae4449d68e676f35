import type { Command, DeviceTarget, OperationContext } from "../../../../src/plugin/index.ts";
import {
  answers,
  configurationMode,
  connectCommandLine,
  enable,
  failedLine,
  inStep,
  isOnlyFailure,
  type NetmikoSession,
  resynchronise,
  runCommand,
  save,
  sayGoodbye,
  sendCommand,
  sendLines,
} from "../../netmiko/command-line.ts";
import { CommandRefused } from "../getter.ts";
import type { NxosRequest } from "../nxos/request.ts";
import { type NxosLine, type NxosVerbRequest, rollbackCommand, withoutQuestions } from "../nxos/verbs.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { dataOf, lineOf } from "./command-line.ts";
import { putFile } from "./put-file.ts";
import { commandLineArgs, nxosSshArguments } from "./settings.ts";

/** Longest silence of a change, in milliseconds: a rollback of a large configuration says nothing for minutes. */
const CHANGE_MS = 300_000;

/** NX-OS by its command line. */
export class NxosSshLink implements DeviceLink<NxosRequest, unknown, NxosVerbRequest, string> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #session: NetmikoSession;
  readonly #enables: boolean;
  readonly #random: () => number;

  constructor(session: NetmikoSession, enables: boolean, random: () => number) {
    this.#session = session;
    this.#enables = enables;
    this.#random = random;
    this.closed = session.closed;
    this.device = session.device;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, log, random }: Services,
  ): Promise<NxosSshLink> {
    const session = await connectCommandLine(
      gate,
      { ...target, args: commandLineArgs(target.args) },
      context,
    );
    for (const note of nxosSshArguments.ignored(target.args)) log.debug({ device: target.name }, note);
    return new NxosSshLink(session, target.args.force_no_enable !== true, random);
  }

  ask(request: NxosRequest, context: OperationContext): Promise<unknown> {
    return this.#inStep(context, async () => {
      const { cli } = this.#session;
      await cli.leaveConfig(context.signal);
      if (this.#enables) await enable(cli, context.signal);
      return dataOf(request, await this.#text(lineOf(request), context));
    });
  }

  send(request: NxosVerbRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<string> {
    return this.#inStep(context, async () => {
      const { cli } = this.#session;
      await enable(cli, context.signal);
      switch (request.kind) {
        case "show":
          return this.#text(request.command, context, timeoutMs);
        case "run":
          return this.#texts(request.commands, context, timeoutMs);
        case "rollback":
          return this.#texts(withoutQuestions(rollbackCommand(request.file)), context, timeoutMs);
        case "configure":
          return this.#configure(request.lines, context, timeoutMs);
        case "save":
          await save(cli, context.signal);
          return "";
        case "put":
          await putFile(this.#session, request, context);
          return "";
      }
    });
  }

  run(command: Command, context: OperationContext): Promise<string> {
    return this.#inStep(context, async () => {
      const { cli, args } = this.#session;
      await cli.leaveConfig(context.signal);
      const enableMode = command.enableMode ?? this.#enables;
      return (await runCommand(cli, { ...command, enableMode }, args, context)).output;
    });
  }

  runJson(command: string, context: OperationContext): Promise<unknown> {
    return this.ask({ command, format: "json" }, context);
  }

  isAlive(context: OperationContext): Promise<boolean> {
    return answers(this.#session, context);
  }

  resynchronise(context: OperationContext): Promise<boolean> {
    this.#session.cli.channel.beforeWrite = context.beforeWrite;
    return resynchronise(this.#session.cli, this.#random, context.signal);
  }

  close(context: OperationContext): Promise<void> {
    return sayGoodbye(this.#session, context);
  }

  async #text(command: string, { signal }: OperationContext, timeoutMs?: number): Promise<string> {
    const { cli, args } = this.#session;
    const output = await sendCommand(cli, command, args, {
      signal,
      ...(timeoutMs !== undefined && { silenceMs: timeoutMs }),
    });
    const refusal = isOnlyFailure(output, cli.failures);
    if (refusal !== undefined) throw new CommandRefused(refusal, { command });
    return output;
  }

  /** What all of them print. A refusal is thrown when the others were sent: the last one sets back what the first one set. */
  async #texts(commands: readonly string[], context: OperationContext, timeoutMs: number): Promise<string> {
    const outputs: string[] = [];
    let refusal: CommandRefused | undefined;
    for (const command of commands) {
      try {
        outputs.push(await this.#text(command, context, timeoutMs));
      } catch (error) {
        if (!(error instanceof CommandRefused)) throw error;
        refusal ??= error;
      }
    }
    if (refusal) throw refusal;
    return outputs.filter((output) => output !== "").join("\n");
  }

  /** Line by line; configuration mode is left in every case. */
  async #configure(
    numbered: readonly NxosLine[],
    context: OperationContext,
    readTimeoutMs: number,
  ): Promise<string> {
    const { cli } = this.#session;
    const mode = configurationMode(cli.platform) ?? "";
    const lines = numbered.map(({ line }) => line);
    const results: Parameters<typeof sendLines>[2] = [];
    await cli.enter(mode, context.signal);
    const rules = { lines, mode, onError: "Stop", readTimeoutMs } as const;
    const failure = await sendLines(cli, rules, results, context.signal);
    if (!cli.channel.outOfStep) await cli.leaveConfig();
    if (!failure) return results.map(({ output }) => output).join("\n");
    const index = results.findIndex(({ state }) => state === "rejected");
    const refused = results[index];
    if (!refused) throw failure;
    const answer = failedLine(results.at(-1)?.output ?? "", cli.failures) ?? "it was refused";
    throw new CommandRefused(answer, { cause: failure, command: refused.line, index });
  }

  #inStep<T>(context: OperationContext, run: () => Promise<T>): Promise<T> {
    return inStep(this.#session, context, run);
  }
}
