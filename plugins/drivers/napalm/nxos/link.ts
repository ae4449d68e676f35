import { NxapiCommandError } from "../../../../src/device/nxapi/command-error.ts";
import { nxapiFailure } from "../../../../src/device/nxapi/failures.ts";
import type { NxapiFormat } from "../../../../src/device/nxapi/json-rpc-form.ts";
import { connectNxapi, type NxapiLimits, type NxapiSession } from "../../../../src/device/nxapi/session.ts";
import {
  type Command,
  type DeviceTarget,
  deviceErrors,
  type OperationContext,
  pluginErrors,
} from "../../../../src/plugin/index.ts";
import { connectCommandLine, type NetmikoSession, sayGoodbye } from "../../netmiko/command-line.ts";
import { CHANGE_MS } from "../command-line-link.ts";
import { CommandRefused } from "../getter.ts";
import { putFile } from "../nxos_ssh/put-file.ts";
import type { DeviceLink, Services } from "../platform.ts";
import type { NxosRequest } from "./request.ts";
import { nxosSettings } from "./settings.ts";
import { type NxosVerbRequest, rollbackCommand } from "./verbs.ts";

/** NX-OS over NX-API. */
export class NxosLink implements DeviceLink<NxosRequest, unknown, NxosVerbRequest, string> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #session: NxapiSession;
  readonly #commandLine: (context: OperationContext) => Promise<NetmikoSession>;
  readonly #configures: NxapiLimits;

  /** `commandLine` logs in over SSH, for the files that NX-API does not carry. `configures`: what holds for lines of configuration. */
  constructor(
    session: NxapiSession,
    commandLine: (context: OperationContext) => Promise<NetmikoSession>,
    configures: NxapiLimits = {},
  ) {
    this.#session = session;
    this.#commandLine = commandLine;
    this.#configures = configures;
    this.closed = session.closed;
    this.device = session.device;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { gate }: Services,
  ): Promise<NxosLink> {
    const session = await connectNxapi(target, context, { args: nxosSettings(target.args), gate });
    const { ssh_port, timeout, rollback_on_error } = target.args;
    const args = { device_type: "cisco_nxos", read_timeout: timeout };
    const overSsh = { ...target, port: Number(ssh_port), args };
    return new NxosLink(
      session,
      (later) => connectCommandLine(gate, overSsh, later),
      rollback_on_error === true ? { onError: "rollback-on-error" } : {},
    );
  }

  async ask({ command, format }: NxosRequest, context: OperationContext): Promise<unknown> {
    const [result] = await this.#execute([command], format, context);
    return result ?? (format === "text" ? "" : null);
  }

  async send(request: NxosVerbRequest, context: OperationContext, timeoutMs = CHANGE_MS): Promise<string> {
    const limits = { timeoutMs };
    switch (request.kind) {
      case "show":
        return textOf(await this.#execute([request.command], "text", context, limits));
      case "run":
        return textOf(await this.#execute(request.commands, "text", context, limits));
      case "rollback":
        return textOf(await this.#execute([rollbackCommand(request.file)], "text", context, limits));
      case "configure":
        // NX-API enters the configuration mode by itself.
        return textOf(
          await this.#execute(
            request.lines.map(({ line }) => line),
            "config",
            context,
            { ...limits, ...this.#configures },
          ),
        );
      case "save":
        return await this.#save(context, limits);
      case "put":
        await this.#put(request, context);
        return "";
    }
  }

  async run({ command, dialogue, readTimeoutMs }: Command, context: OperationContext): Promise<string> {
    if (dialogue?.length)
      throw pluginErrors.NotImplemented({
        what: "a dialogue over NX-API (platform nxos_ssh has them)",
        driver: "napalm",
      });
    const { onOutput } = context;
    const limits = {
      timeoutMs: readTimeoutMs,
      ...(onOutput && { onText: (text: string) => onOutput(text) }),
    };
    return textOf(await this.#execute([command], "text", context, limits));
  }

  runJson(command: string, context: OperationContext): Promise<unknown> {
    return this.ask({ command, format: "json" }, context);
  }

  isAlive(context: OperationContext): Promise<boolean> {
    return this.#session.isAlive(context);
  }

  /** Requests stand for themselves: after a timeout or a cancel the next one is in step. */
  resynchronise(context: OperationContext): Promise<boolean> {
    return this.isAlive(context);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #put(file: Extract<NxosVerbRequest, { kind: "put" }>, context: OperationContext): Promise<void> {
    const session = await this.#commandLine(context);
    try {
      await putFile(session, file, context);
    } finally {
      // What counts is whether the file arrived.
      await sayGoodbye(session, context).catch(() => {});
    }
  }

  async #save(context: OperationContext, limits: NxapiLimits): Promise<string> {
    const failed = (answer: string, cause?: unknown) =>
      deviceErrors.SaveFailed({ device: this.device, answer }, { cause });
    try {
      const answer = textOf(await this.#execute(["copy run startup-config"], "text", context, limits));
      if (answer.trim() !== "" && !/complete/i.test(answer)) throw failed(answer.trim());
      return answer;
    } catch (error) {
      throw error instanceof CommandRefused ? failed(error.message, error) : error;
    }
  }

  async #execute(
    commands: readonly string[],
    format: NxapiFormat,
    context: OperationContext,
    limits?: NxapiLimits,
  ): Promise<unknown[]> {
    try {
      return await this.#session.execute(commands, format, context, limits);
    } catch (error) {
      if (!(error instanceof NxapiCommandError)) throw error;
      const failure = nxapiFailure(error, this.device);
      if (failure.code !== "CommandRejected") throw failure;
      const { answer, command, index } = error;
      throw new CommandRefused(answer, { cause: error, command, index });
    }
  }
}

function textOf(results: readonly unknown[]): string {
  return results.map((result) => (typeof result === "string" ? result : "")).join("");
}
