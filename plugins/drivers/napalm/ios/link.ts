import { createHash } from "node:crypto";
import {
  type DeviceTarget,
  NetPulseError,
  type OperationContext,
  transferErrors,
} from "../../../../src/plugin/index.ts";
import {
  carryFiles,
  connectCommandLine,
  enable,
  type NetmikoSession,
  save,
} from "../../netmiko/command-line.ts";
import { CHANGE_MS, CommandLineLink } from "../command-line-link.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { TextContent } from "../text-content.ts";
import type { CliRequest } from "./request.ts";
import { deviceType, type IosSettings, iosArguments, iosSettings } from "./settings.ts";
import { isTclSuccess, tclFileCommands } from "./tcl-file.ts";
import type { IosVerbRequest } from "./verbs.ts";

/** What IOS asks when files are copied and configurations replaced; each question has one answer, and no other is answered. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "Destination filename .*\\? ?$": "",
  "[Oo]ver ?write\\?? ?\\[confirm\\]": "",
  "all username.*\\[confirm\\]": "",
};

/** IOS and IOS XE by their command line. */
export class IosLink
  extends CommandLineLink
  implements DeviceLink<CliRequest, string, IosVerbRequest, string>
{
  readonly #settings: IosSettings;

  constructor(session: NetmikoSession, args: Readonly<Record<string, unknown>>, random: () => number) {
    super(session, args, random);
    this.#settings = iosSettings(args);
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate, random }: Services,
  ): Promise<IosLink> {
    const args = iosArguments.handedOn(target.args, deviceType(target.args));
    const session = await connectCommandLine(gate, { ...target, args }, context);
    return new IosLink(session, target.args, random);
  }

  ask({ command, timeoutSeconds }: CliRequest, context: OperationContext): Promise<string> {
    return this.inStep(context, async () => {
      await this.ready(context);
      return this.output(command, context, timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000);
    });
  }

  send(request: IosVerbRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<string> {
    const { signal } = context;
    const { cli } = this.session;
    return this.inStep(context, async () => {
      switch (request.kind) {
        case "command": {
          await this.ready(context, true);
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

  /** A file is written again only where the device does not have the same already. */
  async #put(path: string, content: string, context: OperationContext): Promise<void> {
    if (!this.#settings.inline_transfer) {
      const entries = [{ path: "", content: new TextContent(content) }];
      const how = { protocol: "Scp", overwrite: "IfDifferent", checksum: "Auto" } as const;
      const put = carryFiles(this.session, { direction: "put", path, entries, ...how }, context);
      await put.catch((error: unknown) => {
        throw this.#withWayInline(error);
      });
      return;
    }
    const md5 = createHash("md5").update(content).digest("hex");
    await enable(this.session.cli, context.signal);
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
    const { output } = await this.session.cli.input({
      send: `verify /md5 ${path}`,
      silenceMs: CHANGE_MS,
      signal,
    });
    return /=\s*([\da-f]{32})\b/i.exec(output)?.[1]?.toLowerCase();
  }

  async #writeInline(path: string, content: string, { signal }: OperationContext): Promise<void> {
    const { cli } = this.session;
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
}
