import { createHash } from "node:crypto";
import {
  type Command,
  type DeviceTarget,
  NetPulseError,
  type OperationContext,
  transferErrors,
} from "../../../../src/plugin/index.ts";
import {
  answers,
  carryFiles,
  connectCommandLine,
  enable,
  inStep,
  type NetmikoSession,
  resynchronise,
  runCommand,
  save,
  sayGoodbye,
  sendCommand,
} from "../../netmiko/command-line.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { TextContent } from "../text-content.ts";
import type { CliRequest } from "./request.ts";
import { commandLineArgs, type IosSettings, iosArguments, iosSettings } from "./settings.ts";
import { isTclSuccess, tclFileCommands } from "./tcl-file.ts";
import type { IosVerbRequest } from "./verbs.ts";

/** Longest silence of a change, in milliseconds: `configure replace` of a large configuration says nothing for minutes. */
const CHANGE_MS = 300_000;

/** What IOS asks when files are copied and configurations replaced; each question has one answer, and no other is answered. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "Destination filename .*\\? ?$": "",
  "[Oo]ver ?write\\?? ?\\[confirm\\]": "",
  "all username.*\\[confirm\\]": "",
};

/** IOS and IOS XE by their command line. */
export class IosLink implements DeviceLink<CliRequest, string, IosVerbRequest, string> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #session: NetmikoSession;
  readonly #settings: IosSettings;
  readonly #random: () => number;

  constructor(session: NetmikoSession, settings: IosSettings, random: () => number) {
    this.#session = session;
    this.#settings = settings;
    this.#random = random;
    this.closed = session.closed;
    this.device = session.device;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, log, random }: Services,
  ): Promise<IosLink> {
    const session = await connectCommandLine(
      gate,
      { ...target, args: commandLineArgs(target.args) },
      context,
    );
    for (const note of iosArguments.ignored(target.args)) log.debug({ device: target.name }, note);
    return new IosLink(session, iosSettings(target.args), random);
  }

  ask({ command, timeoutSeconds }: CliRequest, context: OperationContext): Promise<string> {
    return this.#inStep(context, async ({ cli, args }) => {
      const { signal } = context;
      await this.#ready(signal);
      const silenceMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
      return sendCommand(cli, command, args, { signal, ...(silenceMs !== undefined && { silenceMs }) });
    });
  }

  send(request: IosVerbRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<string> {
    const { signal } = context;
    return this.#inStep(context, async ({ cli }) => {
      switch (request.kind) {
        case "command": {
          await cli.leaveConfig(signal);
          await enable(cli, signal);
          const { command } = request;
          const step = { send: command, answers: QUESTIONS };
          return (await cli.input({ send: command, step, silenceMs: timeoutMs, signal })).output;
        }
        case "enter":
          await enable(cli, signal);
          await cli.enterBy(request.command, "config", signal);
          return "";
        case "leave":
          await cli.leaveConfig(signal);
          return "";
        case "put":
          await this.#put(`${request.fileSystem}/${request.file}`, request.content, context);
          return "";
        case "save":
          await save(cli, signal);
          return "";
      }
    });
  }

  run(command: Command, context: OperationContext): Promise<string> {
    return this.#inStep(context, async ({ cli, args }) => {
      await cli.leaveConfig(context.signal);
      const enableMode = command.enableMode ?? !this.#settings.force_no_enable;
      return (await runCommand(cli, { ...command, enableMode }, args, context)).output;
    });
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

  /** A file is written again only where the device does not have the same already. */
  async #put(path: string, content: string, context: OperationContext): Promise<void> {
    if (!this.#settings.inline_transfer) {
      const entries = [{ path: "", content: new TextContent(content) }];
      const how = { protocol: "Scp", overwrite: "IfDifferent", checksum: "Auto" } as const;
      const put = carryFiles(this.#session, { direction: "put", path, entries, ...how }, context);
      await put.catch((error: unknown) => {
        throw this.#withWayInline(error);
      });
      return;
    }
    const md5 = createHash("md5").update(content).digest("hex");
    await enable(this.#session.cli, context.signal);
    if ((await this.#digest(path, context)) === md5) return;
    await this.#writeInline(path, content, context);
    const written = await this.#digest(path, context);
    if (written !== undefined && written !== md5)
      throw transferErrors.ChecksumMismatch({
        device: this.device,
        path,
        algorithm: "md5",
        here: md5,
        there: written,
      });
  }

  /** What serves no files may still take them inline. */
  #withWayInline(error: unknown): unknown {
    if (!(error instanceof NetPulseError) || error.code !== "TransferNotSupported") return error;
    const remedy =
      "Configure `ip scp server enable`, or set driver.args.inline_transfer: true to write files by the Tcl shell.";
    return transferErrors.TransferNotSupported(
      { device: this.device, what: "SCP server", remedy },
      { cause: error },
    );
  }

  /** Undefined where the file is not there, or the device cannot tell. */
  async #digest(path: string, { signal }: OperationContext): Promise<string | undefined> {
    const { output } = await this.#session.cli.input({
      send: `verify /md5 ${path}`,
      silenceMs: CHANGE_MS,
      signal,
    });
    return /=\s*([\da-f]{32})\b/i.exec(output)?.[1]?.toLowerCase();
  }

  async #writeInline(path: string, content: string, { signal }: OperationContext): Promise<void> {
    const { cli } = this.#session;
    await cli.enter("tclsh", signal);
    try {
      for (const send of tclFileCommands(path, content)) {
        const { output } = await cli.input({ send, signal });
        if (!isTclSuccess(send, output))
          throw transferErrors.RemoteFailure({ device: this.device, path, answer: output.trim() });
      }
    } finally {
      if (!cli.channel.outOfStep && !cli.channel.isClosed) await enable(cli, signal);
    }
  }

  async #ready(signal: AbortSignal): Promise<void> {
    const { cli } = this.#session;
    await cli.leaveConfig(signal);
    if (!this.#settings.force_no_enable) await enable(cli, signal);
  }

  #inStep<T>(context: OperationContext, run: (session: NetmikoSession) => Promise<T>): Promise<T> {
    return inStep(this.#session, context, () => run(this.#session));
  }
}
