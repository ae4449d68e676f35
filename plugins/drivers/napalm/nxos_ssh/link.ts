import type { DeviceTarget, OperationContext } from "../../../../src/plugin/index.ts";
import {
  configurationMode,
  connectCommandLine,
  enable,
  failedLine,
  isOnlyFailure,
  save,
  sendLines,
} from "../../netmiko/command-line.ts";
import { CHANGE_MS, CommandLineLink } from "../command-line-link.ts";
import { CommandRefused } from "../getter.ts";
import type { NxosRequest } from "../nxos/request.ts";
import { type NxosLine, type NxosVerbRequest, rollbackCommand, withoutQuestions } from "../nxos/verbs.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { dataOf, lineOf } from "./command-line.ts";
import { putFile } from "./put-file.ts";
import { nxosSshArguments } from "./settings.ts";

/** NX-OS by its command line. */
export class NxosSshLink
  extends CommandLineLink
  implements DeviceLink<NxosRequest, unknown, NxosVerbRequest, string>
{
  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, random }: Services,
  ): Promise<NxosSshLink> {
    const args = nxosSshArguments.handedOn(target.args, "cisco_nxos");
    const session = await connectCommandLine(gate, { ...target, args }, context);
    return new NxosSshLink(session, target.args, random);
  }

  ask(request: NxosRequest, context: OperationContext): Promise<unknown> {
    return this.inStep(context, async () => {
      await this.ready(context);
      return dataOf(request, await this.#text(lineOf(request), context));
    });
  }

  send(request: NxosVerbRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<string> {
    return this.inStep(context, async () => {
      const { cli } = this.session;
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
          await putFile(this.session, request, context);
          return "";
      }
    });
  }

  runJson(command: string, context: OperationContext): Promise<unknown> {
    return this.ask({ command, format: "json" }, context);
  }

  async #text(command: string, context: OperationContext, timeoutMs?: number): Promise<string> {
    const output = await this.output(command, context, timeoutMs);
    const refusal = isOnlyFailure(output, this.session.cli.failures);
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
    const { cli } = this.session;
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
}
