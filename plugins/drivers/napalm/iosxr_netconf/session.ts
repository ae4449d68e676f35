import {
  connectNetconf,
  NETCONF_PORT,
  type NetconfClient,
  type RpcOptions,
  RpcRefusedError,
} from "../../../../src/device/netconf/index.ts";
import { SshLogin } from "../../../../src/device/ssh-login.ts";
import { XmlElement } from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import type { DeviceTarget, OperationContext } from "../../../../src/plugin/index.ts";
import { namespaceOf, treeOf } from "../cisco-xr/tree.ts";
import { CommandRefused } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import type { NetconfReply, NetconfRequest } from "./request.ts";
import { type IosxrNetconfSettings, iosxrNetconfSettings } from "./settings.ts";
import type { NetconfVerbRequest } from "./verbs.ts";

/** IOS-XR over NETCONF. Only models that the router has for its own configuration are taken, where it lists them. */
export class IosxrNetconfLink
  implements DeviceLink<NetconfRequest, NetconfReply, NetconfVerbRequest, XmlElement>
{
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #client: NetconfClient;
  readonly #settings: IosxrNetconfSettings;
  /** Namespaces; empty: not listed. */
  #ownModels: ReadonlySet<string> = new Set();

  constructor(device: string, client: NetconfClient, settings: IosxrNetconfSettings) {
    this.device = device;
    this.closed = client.closed;
    this.#client = client;
    this.#settings = settings;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { ssh }: Services,
  ): Promise<IosxrNetconfLink> {
    const settings = iosxrNetconfSettings(target.args);
    const login = new SshLogin(ssh, target, settings.ssh, context);
    const client = await connectNetconf(login, {
      device: target.name,
      port: login.port(NETCONF_PORT),
      replyTimeoutMs: settings.timeoutMs,
      beforeWrite: context.beforeWrite,
      signal: context.signal,
    });
    const link = new IosxrNetconfLink(target.name, client, settings);
    try {
      await link.#begin(context);
    } catch (error) {
      client.abort();
      throw error;
    }
    return link;
  }

  ask(request: NetconfRequest, context: OperationContext): Promise<NetconfReply> {
    const how = this.#how(context);
    switch (request.operation) {
      case "capabilities":
        return Promise.resolve(this.#client.capabilities.uris);
      case "get":
        return this.#answer(() => this.#client.get({ filter: { subtree: request.filter } }, how));
      case "get-config":
        return request.filter
          ? this.#configuration({ source: request.source, filter: request.filter }, how)
          : this.#ownConfiguration(request.source, how);
      case "rpc":
        return this.#answer(async () => (await this.#client.rpc(request.rpc, how)).element);
    }
  }

  async send(
    request: NetconfVerbRequest,
    context: OperationContext,
    timeoutMs?: number,
  ): Promise<XmlElement> {
    const how = this.#how(context, timeoutMs);
    const client = this.#client;
    switch (request.operation) {
      case "get-config":
        return this.#ownConfiguration(request.source, how);
      case "edit-config": {
        this.#refuseOthers(request.config);
        const { config } = request;
        return this.#done(() =>
          client.editConfig({ target: "candidate", config, errorOption: "rollback-on-error" }, how),
        );
      }
      case "copy-config":
        this.#refuseOthers(request.config);
        return this.#done(() => client.copyConfig({ config: request.config }, "candidate", how));
      case "commit": {
        const { confirmSeconds } = request;
        const confirmed =
          confirmSeconds === undefined ? {} : { confirmed: true, confirmTimeoutSeconds: confirmSeconds };
        return this.#done(() => client.commit(confirmed, how));
      }
      case "rpc":
        return this.#done(() => client.rpc(request.rpc, how));
      case "lock":
        return this.#done(() => client.lock("candidate", how));
      case "unlock":
        return this.#done(() => client.unlock("candidate", how));
      case "discard-changes":
        return this.#done(() => client.discardChanges(how));
      case "cancel-commit":
        return this.#done(() => client.cancelCommit(undefined, how));
    }
  }

  /** Whether the router answers; a refusal is an answer. */
  async isAlive(context: OperationContext): Promise<boolean> {
    try {
      await this.ask({ operation: "get", filter: [SYSTEM_TIME] }, context);
      return true;
    } catch (error) {
      return error instanceof CommandRefused;
    }
  }

  /** Replies are told apart by their ids: a late one is never taken for another. */
  resynchronise(context: OperationContext): Promise<boolean> {
    return this.isAlive(context);
  }

  close(context: OperationContext): Promise<void> {
    return this.#client.close({ beforeWrite: context.beforeWrite });
  }

  /** Finds out which models are the router's own (RFC 8525), and takes the lock where the session is to have it. */
  async #begin(context: OperationContext): Promise<void> {
    const library = namespaceOf("ietf-yang-library");
    if (this.#client.capabilities.uris.some((uri) => uri.includes(library))) {
      const reply = await this.ask({ operation: "get", filter: [OWN_MODELS] }, context);
      const listed =
        reply instanceof XmlElement ? reply.all(".//yang-library/module-set/module/namespace") : [];
      this.#ownModels = new Set(listed.map((one) => one.value()));
    }
    if (this.#settings.lockFromStart) await this.#lock(context);
  }

  async #lock(context: OperationContext): Promise<void> {
    try {
      await this.send({ operation: "lock" }, context);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw napalmErrors.ConfigLocked({ device: this.device, by: error.message }, { cause: error });
    }
  }

  #configuration(
    { source, filter }: { readonly source: "running" | "candidate"; readonly filter?: readonly XmlElement[] },
    how: RpcOptions,
  ): Promise<XmlElement> {
    const options = { source, ...(filter && { filter: { subtree: filter } }) };
    return this.#answer(() => this.#client.getConfig(options, how));
  }

  async #ownConfiguration(source: "running" | "candidate", how: RpcOptions): Promise<XmlElement> {
    const data = await this.#configuration({ source }, how);
    if (this.#ownModels.size === 0) return data;
    const { name, namespace, attributes } = data;
    const children = data.children.filter((one) => this.#ownModels.has(one.namespace));
    return new XmlElement(name, { namespace, attributes, children });
  }

  #refuseOthers(config: readonly XmlElement[]): void {
    if (this.#settings.configEncoding !== "xml" || this.#ownModels.size === 0) return;
    const other = config.find((one) => !this.#ownModels.has(one.namespace));
    if (other)
      throw new CommandRefused(
        `<${other.name}> of ${other.namespace || "no model"} is not of the router's own models`,
      );
  }

  async #done(run: () => Promise<{ readonly element: XmlElement }>): Promise<XmlElement> {
    return this.#answer(async () => (await run()).element);
  }

  async #answer(run: () => Promise<XmlElement>): Promise<XmlElement> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof RpcRefusedError)) throw error;
      // With its lines as they are: they say which line of a configuration it is about.
      const told = error.reply.all(".//rpc-error/error-message").map((one) => one.value());
      const tags = error.errors.map(({ tag }) => tag);
      throw new CommandRefused(told.join("\n").trim() || tags.join(", "), { cause: error });
    }
  }

  #how({ signal, beforeWrite }: OperationContext, timeoutMs?: number): RpcOptions {
    return { signal, beforeWrite, ...(timeoutMs !== undefined && { timeoutMs }) };
  }
}

const SYSTEM_TIME = treeOf("Cisco-IOS-XR-shellutil-oper:system-time/uptime");
const OWN_MODELS = treeOf("ietf-yang-library:yang-library/module-set", {
  name: "XR-only",
  "module/namespace": "",
});
