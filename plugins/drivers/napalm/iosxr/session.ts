import { sessionLog } from "../../../../src/device/index.ts";
import { SshLogin } from "../../../../src/device/ssh-login.ts";
import { element, type XmlElement } from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import {
  type Command,
  type DeviceTarget,
  type OperationContext,
  pluginErrors,
} from "../../../../src/plugin/index.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import { CommandRefused } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { type IosxrSettings, iosxrSettings } from "./settings.ts";
import type { XrVerbRequest } from "./verbs.ts";
import { XmlAgent } from "./xml-agent.ts";

const SSH_PORT = 22;

/**
 * IOS-XR by its XML agent: a shell over SSH in which the agent runs as long as the session lasts. Commands of the command line are asked
 * for through it too (`<CLI><Exec>`), so the shell never has to leave the agent.
 */
export class IosxrLink implements DeviceLink<XmlElement, XmlElement, XrVerbRequest, XmlElement> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #agent: XmlAgent;
  readonly #settings: IosxrSettings;

  private constructor(device: string, agent: XmlAgent, settings: IosxrSettings) {
    this.device = device;
    this.closed = agent.closed;
    this.#agent = agent;
    this.#settings = settings;
  }

  /** Logs in and begins the agent; with `config_lock` the configuration is locked from here to the end. */
  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { ssh }: Services,
  ): Promise<IosxrLink> {
    const { name, credential } = target;
    const settings = iosxrSettings(target.args);
    context.beforeWrite();
    const login = new SshLogin(ssh, target, settings.ssh, context);
    const connection = await login.connect(login.port(SSH_PORT));
    try {
      const conversation = sessionLog(
        [credential.password, credential.secret, credential.passphrase],
        (direction, text) => context.log.info({ device: name, direction, text }, "session"),
        { recordsWrites: true },
      );
      const agent = await XmlAgent.open(
        await connection.shell(),
        { device: name, timeoutMs: settings.timeoutMs, ...(settings.sessionLog && { log: conversation }) },
        context,
      );
      const link = new IosxrLink(name, agent, settings);
      if (settings.lockFromStart) await link.send([element("Lock")], context);
      return link;
    } catch (error) {
      connection.close();
      if (error instanceof CommandRefused)
        throw napalmErrors.ConfigLocked({ device: name, by: error.message }, { cause: error });
      throw error;
    }
  }

  ask(request: XmlElement, context: OperationContext): Promise<XmlElement> {
    return this.#agent.ask([request], context);
  }

  send(request: XrVerbRequest, context: OperationContext, timeoutMs?: number): Promise<XmlElement> {
    return this.#agent.ask(request, context, timeoutMs);
  }

  async run({ command, dialogue, readTimeoutMs }: Command, context: OperationContext): Promise<string> {
    if (dialogue?.length)
      throw pluginErrors.NotImplemented({ what: "a dialogue on platform iosxr", driver: "napalm" });
    const response = await this.#agent.ask([treeOf("CLI/Exec", command)], context, readTimeoutMs);
    const output = response.first("CLI/Exec")?.text.trim() ?? "";
    if (!context.onOutput) return output;
    context.onOutput(output);
    return "";
  }

  /** Whether the router answers; a refusal is an answer. */
  async isAlive(context: OperationContext): Promise<boolean> {
    try {
      await this.ask(treeOf("CLI/Exec", "show clock"), context);
      return true;
    } catch (error) {
      return error instanceof CommandRefused;
    }
  }

  /** A response has no id: whether it is late nobody can tell. */
  resynchronise(): Promise<boolean> {
    return Promise.resolve(this.#agent.isInStep);
  }

  async close(context: OperationContext): Promise<void> {
    if (this.#settings.lockFromStart && this.#agent.isInStep)
      await this.send([element("Unlock")], context).catch(() => {});
    await this.#agent.close(context);
  }
}
