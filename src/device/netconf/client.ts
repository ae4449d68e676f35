import { netconfErrors } from "../../errors/netconf.ts";
import type { Transport } from "../transport.ts";
import type { XmlElement } from "../xml/index.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Notification } from "./notifications.ts";
import {
  type CommitOptions,
  contents,
  type Datastore,
  type EditConfigOptions,
  type GetConfigOptions,
  type GetOptions,
  type Operation,
  operations,
  type SubscriptionOptions,
  type XmlSource,
} from "./operations.ts";
import { type NetconfOptions, NetconfSession, type RpcOptions, type RpcReply } from "./session.ts";

// A device that does not answer goodbye is left without it.
const GOODBYE_MS = 5000;

/**
 * The operations of NETCONF (RFC 6241) on one session. Each throws what `NetconfSession.rpc` throws, and `CapabilityMissing`, before
 * anything is sent, where the device has not announced what the operation needs. The last argument of each is its `RpcOptions`; an
 * `OperationContext` is one.
 *
 * @example
 * const client = await NetconfClient.open(await connection.subsystem("netconf"), { device: "r1" });
 * await client.lock("candidate", context);
 * await client.editConfig({ target: "candidate", config: "<system xmlns='urn:x'><hostname>r1</hostname></system>" }, context);
 * await client.commit({ confirmed: true, confirmTimeoutSeconds: 120 }, context);
 * await client.commit({}, context); // confirms it
 * await client.unlock("candidate", context);
 * await client.close(context);
 */
export class NetconfClient {
  readonly session: NetconfSession;

  constructor(session: NetconfSession) {
    this.session = session;
  }

  /** Exchanges hellos on an open transport; see `NetconfSession.open`. */
  static async open(transport: Transport, options: NetconfOptions): Promise<NetconfClient> {
    return new NetconfClient(await NetconfSession.open(transport, options));
  }

  get capabilities(): Capabilities {
    return this.session.capabilities;
  }

  /** Resolves when the session has ended, with the reason if it was not asked for. */
  get closed(): Promise<Error | undefined> {
    return this.session.closed;
  }

  /** State and configuration: the children of `<data>`, or all of them under `<data>`. */
  async get(options: GetOptions = {}, how: RpcOptions = {}): Promise<XmlElement> {
    return data(await this.run(operations.get(options), how));
  }

  /** Configuration of a datastore, as `<data>`. */
  async getConfig(options: GetConfigOptions, how: RpcOptions = {}): Promise<XmlElement> {
    return data(await this.run(operations.getConfig(options), how));
  }

  editConfig(options: EditConfigOptions, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.editConfig(options), how);
  }

  copyConfig(
    source: Datastore | { readonly config: XmlSource },
    target: Datastore,
    how: RpcOptions = {},
  ): Promise<RpcReply> {
    return this.run(operations.copyConfig(source, target), how);
  }

  deleteConfig(target: Exclude<Datastore, "running">, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.deleteConfig(target), how);
  }

  /** Keeps other sessions from changing a datastore. Where one of them has it, the error has tag `lock-denied`. */
  lock(target: Datastore, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.lock(target), how);
  }

  unlock(target: Datastore, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.unlock(target), how);
  }

  validate(source: Datastore | { readonly config: XmlSource }, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.validate(source), how);
  }

  /** Makes the candidate the running configuration; without `confirmed` it also confirms a commit that waits for it. */
  commit(options: CommitOptions = {}, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.commit(options), how);
  }

  /** Takes back a commit that waits to be confirmed, of this session or by its `persistId`. */
  cancelCommit(persistId?: string, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.cancelCommit(persistId), how);
  }

  discardChanges(how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.discardChanges(), how);
  }

  /** Ends another session, whose locks and unconfirmed commit are given up. */
  killSession(sessionId: string, how: RpcOptions = {}): Promise<RpcReply> {
    return this.run(operations.killSession(sessionId), how);
  }

  /**
   * Subscribes to events and gives them as they come, until the consumer leaves the loop, the session ends (which throws if it was
   * not asked for), or a replay with a `stopTime` is complete. A device without `:interleave` takes no other requests meanwhile.
   *
   * @example
   * for await (const { eventTime, event } of await client.subscribe({ stream: "NETCONF" }, context)) console.log(eventTime, event.name);
   */
  async subscribe(
    options: SubscriptionOptions = {},
    how: RpcOptions = {},
  ): Promise<AsyncIterableIterator<Notification>> {
    // Listening first: the first event may come in one piece with the reply.
    const stream = this.session.notifications(how.signal);
    try {
      await this.run(operations.createSubscription(options), how);
      return stream;
    } catch (error) {
      await stream.return();
      throw error;
    }
  }

  /** Any request: the element within `<rpc>`, as XML or built. Throws `XmlSyntaxError` for a text that is not one element. */
  async rpc(request: string | XmlElement, how: RpcOptions = {}): Promise<RpcReply> {
    const [operation, ...more] = contents(request);
    if (!operation || more.length > 0) throw new TypeError("a request is exactly one element");
    return await this.session.rpc(operation, how);
  }

  /** Tells the device goodbye and ends the session; never throws. */
  async close(how: RpcOptions = {}): Promise<void> {
    this.session.leaving = true;
    const goodbye = { timeoutMs: GOODBYE_MS, ...how };
    if (!this.session.isClosed) await this.run(operations.closeSession(), goodbye).catch(() => {});
    this.session.abort();
  }

  /** Ends the session at once, without a word to the device. */
  abort(): void {
    this.session.abort();
  }

  private async run({ element, needs }: Operation, how: RpcOptions): Promise<RpcReply> {
    const missing = needs.find((name) => !this.capabilities.has(name));
    if (missing !== undefined)
      throw netconfErrors.CapabilityMissing({
        device: this.session.device,
        operation: element.name,
        capability: missing,
      });
    return await this.session.rpc(element, how);
  }
}

/** `<data>` of a reply; the reply itself where a device leaves it out. */
function data({ element }: RpcReply): XmlElement {
  return element.child("data") ?? element;
}
