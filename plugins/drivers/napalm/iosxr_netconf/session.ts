import {
  connectNetconf,
  type NetconfClient,
  operations,
  RpcRefusedError,
} from "../../../../src/device/netconf/index.ts";
import { SshLogin } from "../../../../src/device/ssh-login.ts";
import type { XmlElement } from "../../../../src/device/xml/index.ts";
import {
  type Command,
  type DeviceTarget,
  deviceErrors,
  type OperationContext,
  pluginErrors,
} from "../../../../src/plugin/index.ts";
import { CommandRefused } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import type { NetconfReply, NetconfRequest } from "./request.ts";
import { type IosxrNetconfSettings, iosxrNetconfArguments, iosxrNetconfSettings } from "./settings.ts";

/**
 * IOS-XR over NETCONF. A verb's request is what stands within `<rpc>`, such as `operations.lock("candidate").element`; the reply is the
 * `<rpc-reply>`. The command line is not reached this way.
 */
export class IosxrNetconfLink implements DeviceLink<NetconfRequest, NetconfReply, XmlElement, XmlElement> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #client: NetconfClient;
  readonly #settings: IosxrNetconfSettings;

  private constructor(device: string, client: NetconfClient, settings: IosxrNetconfSettings) {
    this.device = device;
    this.closed = client.closed;
    this.#client = client;
    this.#settings = settings;
  }

  /** Logs in; with `config_lock` the candidate is locked from here to the end. */
  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { ssh, log }: Services,
  ): Promise<IosxrNetconfLink> {
    const { name: device } = target;
    const settings = iosxrNetconfSettings(target.args);
    for (const note of iosxrNetconfArguments.ignored(target.args)) log.debug({ device }, note);
    const { signal, beforeWrite } = context;
    const client = await connectNetconf(new SshLogin(ssh, target, settings.ssh, context), {
      device,
      replyTimeoutMs: settings.timeoutMs,
      beforeWrite,
      signal,
    });
    const link = new IosxrNetconfLink(device, client, settings);
    try {
      if (settings.lockFromStart) await link.send(operations.lock("candidate").element, context);
      return link;
    } catch (error) {
      client.abort();
      if (error instanceof CommandRefused)
        throw deviceErrors.ConfigModeFailed({ device, why: error.message }, { cause: error });
      throw error;
    }
  }

  async ask(request: NetconfRequest, context: OperationContext): Promise<NetconfReply> {
    switch (request.operation) {
      case "capabilities":
        return this.#client.capabilities.uris;
      case "rpc":
        return this.send(request.rpc, context);
      case "get":
        return dataOf(
          await this.send(operations.get({ filter: { subtree: request.filter } }).element, context),
        );
      case "get-config": {
        const { source, filter } = request;
        const options = { source, ...(filter && { filter: { subtree: filter } }) };
        return dataOf(await this.send(operations.getConfig(options).element, context));
      }
    }
  }

  async send(request: XmlElement, context: OperationContext, timeoutMs?: number): Promise<XmlElement> {
    const { signal, beforeWrite } = context;
    try {
      const limit = timeoutMs === undefined ? {} : { timeoutMs };
      const reply = await this.#client.rpc(request, { signal, beforeWrite, ...limit });
      return reply.element;
    } catch (error) {
      if (!(error instanceof RpcRefusedError)) throw error;
      const words = error.errors.map(({ message, tag }) => message || tag).join("; ");
      throw new CommandRefused(words, { cause: error });
    }
  }

  run(_command: Command): Promise<string> {
    const what = "a command of the command line on platform iosxr_netconf";
    return Promise.reject(pluginErrors.NotImplemented({ what, driver: "napalm" }));
  }

  /** Whether the router answers; a refusal is an answer. */
  async isAlive(context: OperationContext): Promise<boolean> {
    try {
      await this.ask({ operation: "get-config", source: "running", filter: [] }, context);
      return true;
    } catch (error) {
      return error instanceof CommandRefused;
    }
  }

  /** Replies are told apart by their ids: a late one is never taken for another. */
  resynchronise(context: OperationContext): Promise<boolean> {
    return this.isAlive(context);
  }

  async close(context: OperationContext): Promise<void> {
    const { beforeWrite } = context;
    if (this.#settings.lockFromStart) await this.#client.unlock("candidate", { beforeWrite }).catch(() => {});
    await this.#client.close({ beforeWrite });
  }
}

function dataOf(reply: XmlElement): XmlElement {
  return reply.child("data") ?? reply;
}
