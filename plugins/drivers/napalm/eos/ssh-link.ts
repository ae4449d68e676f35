import type { EapiCommand } from "../../../../src/device/eapi/node.ts";
import {
  type DeviceTarget,
  deviceErrors,
  NetPulseError,
  type OperationContext,
} from "../../../../src/plugin/index.ts";
import { connectCommandLine, failedLine, isOnlyFailure } from "../../netmiko/command-line.ts";
import { CHANGE_MS, CommandLineLink } from "../command-line-link.ts";
import { CommandRefused } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import type { EapiRequest } from "./request.ts";
import { eosArguments } from "./settings.ts";

/** The command line's name of the mode within a configuration session. */
const SESSION_MODE = "session";
/** What EOS says before it reads a text up to a line that only says EOF. */
const READS_TEXT = /^Enter TEXT /m;

/** EOS by its command line, which takes the same commands as eAPI and gives their data behind `| json`. */
export class EosSshLink
  extends CommandLineLink
  implements DeviceLink<EapiRequest, readonly unknown[], EapiRequest, readonly unknown[]>
{
  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, random }: Services,
  ): Promise<EosSshLink> {
    const args = eosArguments.handedOn(target.args, "arista_eos");
    const session = await connectCommandLine(gate, { ...target, args }, context);
    return new EosSshLink(session, target.args, random);
  }

  ask(request: EapiRequest, context: OperationContext): Promise<readonly unknown[]> {
    return this.inStep(context, async () => {
      await this.ready(context);
      return this.#replies(request, context);
    });
  }

  send(request: EapiRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<readonly unknown[]> {
    return this.inStep(context, async () => {
      this.#stopIfCancelled(context.signal);
      await this.ready(context, true);
      const [first, ...lines] = request.commands;
      return typeof first === "string" && /^configure session \S+$/.test(first)
        ? this.#fill(first, lines, context, timeoutMs)
        : this.#replies(request, context, timeoutMs);
    });
  }

  async runJson(command: string, context: OperationContext): Promise<unknown> {
    const [result] = await this.ask({ commands: [command], encoding: "json" }, context);
    return result;
  }

  /** The replies of commands one after the other. A VRF that they went into is left again: eAPI forgets it by itself. */
  async #replies(
    { commands, encoding }: EapiRequest,
    context: OperationContext,
    timeoutMs?: number,
  ): Promise<unknown[]> {
    const replies: unknown[] = [];
    try {
      for (const [index, each] of commands.entries()) {
        const command = nameOf(each);
        const isData = encoding === "json";
        const output = await this.output(isData ? `${command} | json` : command, context, timeoutMs);
        this.#refuseFailure(command, output, index);
        replies.push(isData ? this.#data(command, output, index) : { output });
      }
    } finally {
      const { channel } = this.session.cli;
      const isElsewhere = commands.some((each) => nameOf(each).startsWith("cli vrf "));
      if (isElsewhere && !channel.outOfStep && !channel.isClosed)
        await this.session.cli.input({ send: "cli vrf default" });
    }
    return replies;
  }

  /** What `show` prints may quote a refusal; of what other commands print any such line is one. */
  #refuseFailure(command: string, output: string, index: number): void {
    const { failures } = this.session.cli;
    const answer = /^show\b/.test(command)
      ? isOnlyFailure(output, failures)
      : failedLine(output, failures, ANY_REFUSAL);
    if (answer !== undefined) throw new CommandRefused(answer, { command, index });
    if (UNAUTHORISED.test(output))
      throw deviceErrors.CommandUnauthorised({ device: this.device, command, answer: output.trim() });
  }

  #data(command: string, output: string, index: number): unknown {
    try {
      return JSON.parse(output);
    } catch (error) {
      const answer = output.trim().slice(0, 300) || "it printed nothing";
      if (/unconverted command/i.test(answer))
        throw deviceErrors.CommandNotConverted({ device: this.device, command, answer }, { cause: error });
      throw new CommandRefused(answer, { cause: error, command, index });
    }
  }

  /** Fills a configuration session and leaves it open. After anything but a refusal of a line it is dropped. */
  async #fill(
    opens: string,
    lines: readonly EapiCommand[],
    context: OperationContext,
    silenceMs: number,
  ): Promise<readonly unknown[]> {
    const { cli } = this.session;
    await cli.enterBy(opens, SESSION_MODE, context.signal);
    try {
      for (const [index, command] of lines.entries()) {
        this.#stopIfCancelled(context.signal);
        if (command !== "end") await this.#enterLine(command, index + 1, silenceMs);
      }
    } catch (error) {
      const { channel } = cli;
      if (!(error instanceof CommandRefused) && !channel.outOfStep && !channel.isClosed)
        await cli.leaveConfig();
      else if (error instanceof CommandRefused) await this.#leaveSession(silenceMs);
      throw error;
    }
    await this.#leaveSession(silenceMs);
    return [opens, ...lines].map(() => ({}));
  }

  async #leaveSession(silenceMs: number): Promise<void> {
    await this.session.cli.input({ send: "end", towards: "privileged", silenceMs });
  }

  async #enterLine(command: EapiCommand, index: number, silenceMs: number): Promise<void> {
    const { cli } = this.session;
    const line = nameOf(command);
    const input = typeof command === "string" ? undefined : (command.input ?? "");
    const common = { towards: SESSION_MODE, silenceMs };
    let said = "";
    for (const send of linesOf(command)) {
      const answer = await cli.input({ ...common, send, endsAt: READS_TEXT, tailLines: 2 });
      said += answer.output;
      if (answer.mode === undefined) {
        const text = input === undefined ? "" : `${input}${cli.platform.lineEnd}`;
        said += (await cli.input({ ...common, send: `${text}EOF` })).output;
        if (input === undefined) throw new CommandRefused(NO_END, { command: line, index });
      }
    }
    const refusal = failedLine(said, cli.failures);
    if (refusal !== undefined) throw new CommandRefused(refusal, { command: line, index });
    if (cli.mode !== SESSION_MODE) {
      const why = `line ${JSON.stringify(line)} left the configuration session; the lines after it were not sent`;
      throw deviceErrors.ConfigModeFailed({ device: this.device, why });
    }
  }

  /** A cancel takes effect between steps and between lines, where it is safe. */
  #stopIfCancelled({ aborted, reason }: AbortSignal): void {
    if (!aborted) return;
    if (reason instanceof NetPulseError) throw reason;
    const why = "between two configuration lines; the remaining ones were not sent";
    throw deviceErrors.OperationAborted({ device: this.device, why });
  }
}

const ANY_REFUSAL = ["% "];
const UNAUTHORISED = /^\s*% Authorization denied/;
const NO_END = "its text has no line that only says EOF";

function nameOf(command: EapiCommand): string {
  return typeof command === "string" ? command : command.cmd;
}

/** What is typed for a command of a configuration: a comment of a mode is written as a running configuration has it. */
function linesOf(command: EapiCommand): readonly string[] {
  if (typeof command === "string") return [command];
  if (command.cmd !== "comment") return [command.cmd];
  return (command.input ?? "").split("\n").map((line) => `!! ${line}`);
}
