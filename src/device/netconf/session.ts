import { deviceErrors } from "../../errors/device.ts";
import type { SessionLog } from "../session-log.ts";
import type { Transport } from "../transport.ts";
import { element, parseXml, writeXml, type XmlElement, XmlSyntaxError } from "../xml/index.ts";
import { Capabilities } from "./capabilities.ts";
import { FrameError } from "./frame-error.ts";
import { FrameReader, type Framing, frame } from "./framing.ts";
import { agreedFraming, BASE_NAMESPACE, clientHello, type ProtocolVersion, readHello } from "./hello.ts";
import { type Notification, NotificationStream, readNotification } from "./notifications.ts";
import { type RpcError, RpcRefusedError, rpcErrors } from "./rpc-error.ts";

const HELLO_TIMEOUT_MS = 30_000;
const REPLY_TIMEOUT_MS = 60_000;
// A reply's tree takes about five times its bytes: the largest still fits a worker's 1 GiB.
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

export interface NetconfOptions {
  /** Name for messages. */
  readonly device: string;
  /** Longest wait for the device's hello; 30 s unless told. */
  readonly helloTimeoutMs?: number;
  /** Longest silence while a reply is awaited; 60 s unless told. */
  readonly replyTimeoutMs?: number;
  /** Largest message that is taken; 64 MiB unless told. */
  readonly maxReplyBytes?: number;
  /** Versions of the protocol to offer; 1.0 and 1.1 unless told. */
  readonly versions?: readonly ProtocolVersion[];
  /** Hears the conversation; it masks secrets. */
  readonly log?: SessionLog;
  /** Throws when nothing may be written any more; asked before our hello. */
  readonly beforeWrite?: () => void;
  readonly signal?: AbortSignal;
}

/** What accompanies a request. An `OperationContext` is one. */
export interface RpcOptions {
  readonly signal?: AbortSignal;
  /** Longest silence while the reply is awaited, in milliseconds. */
  readonly timeoutMs?: number;
  /** Throws when nothing may be written any more; asked before the request is. */
  readonly beforeWrite?: () => void;
}

export interface RpcReply {
  /** `<rpc-reply>`. */
  readonly element: XmlElement;
  /** The same as it came. */
  readonly text: string;
  /** What the device said beside doing it. */
  readonly warnings: readonly RpcError[];
}

interface Pending {
  readonly operation: string;
  readonly silence: NodeJS.Timeout;
  /** Settles the request; absent once nobody waits any more, so that a late reply is dropped. */
  settle: ((outcome: RpcReply | Error) => void) | undefined;
}

/**
 * One NETCONF session: hellos, framing, requests with their replies, notifications. `NetconfClient` has the operations.
 *
 * Requests may be sent without waiting for earlier replies. A request that times out or is aborted leaves the session usable, since
 * its late reply is known by its id.
 */
export class NetconfSession {
  readonly device: string;
  /** Resolves when the session has ended, with the reason if it was not asked for. */
  readonly closed: Promise<Error | undefined>;
  private hello = { capabilities: new Capabilities([]), sessionId: "" };
  private agreed: Framing = "delimited";
  private readonly transport: Transport;
  private readonly options: NetconfOptions;
  private readonly reader: FrameReader;
  private readonly pending = new Map<string, Pending>();
  private readonly streams = new Set<NotificationStream>();
  /** Set before goodbye is said: the end that follows is then no failure. */
  leaving = false;
  private greeted: ((outcome: Error | undefined) => void) | undefined;
  private lastId = 0;
  private gone: { readonly error: Error | undefined } | undefined;
  private end: (error: Error | undefined) => void = () => {};

  private constructor(transport: Transport, options: NetconfOptions) {
    this.transport = transport;
    this.options = options;
    this.device = options.device;
    this.reader = new FrameReader(options.maxReplyBytes ?? MAX_REPLY_BYTES);
    this.closed = new Promise((resolve) => {
      this.end = resolve;
    });
    void transport.closed.then((error) => this.lost(error));
  }

  /**
   * Exchanges hellos. Throws `ConnectTimeout`, `ReplyInvalid` (what answers is no NETCONF, or no version is shared), `SessionClosed`
   * or `OperationAborted`; the transport is closed then.
   */
  static async open(transport: Transport, options: NetconfOptions): Promise<NetconfSession> {
    const session = new NetconfSession(transport, options);
    await session.greet();
    return session;
  }

  get capabilities(): Capabilities {
    return this.hello.capabilities;
  }

  /** As the device gave it; empty where it gave none. */
  get sessionId(): string {
    return this.hello.sessionId;
  }

  get framing(): Framing {
    return this.agreed;
  }

  get isClosed(): boolean {
    return this.gone !== undefined;
  }

  /**
   * Sends one request and returns its reply. Throws `RpcRefusedError`, `OperationTimeout`, `OperationAborted`, `SessionClosed`,
   * `ReplyInvalid` or `ReplyTooLarge`; after the last three the session has ended.
   *
   * @example
   * const reply = await session.rpc(element("get-software-information"));
   * reply.element.value("software-information/host-name");
   */
  rpc(operation: XmlElement, how: RpcOptions = {}): Promise<RpcReply> {
    const { device } = this;
    if (this.gone) return Promise.reject(this.closedError());
    if (how.signal?.aborted) return Promise.reject(this.aborted(operation.name));
    return new Promise((resolve, reject) => {
      how.beforeWrite?.();
      const id = String(++this.lastId);
      const waitMs = how.timeoutMs ?? this.options.replyTimeoutMs ?? REPLY_TIMEOUT_MS;
      const onAbort = () => pending.settle?.(this.aborted(operation.name));
      const silence = setTimeout(() => {
        pending.settle?.(
          deviceErrors.OperationTimeout({ device, command: operation.name, waitedMs: waitMs }),
        );
      }, waitMs);
      const pending: Pending = {
        operation: operation.name,
        silence,
        settle: (outcome) => {
          pending.settle = undefined;
          clearTimeout(silence);
          how.signal?.removeEventListener("abort", onAbort);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      how.signal?.addEventListener("abort", onAbort, { once: true });
      this.pending.set(id, pending);
      this.write(envelope(id, operation));
    });
  }

  /** Hears notifications from now on, until the session ends or the consumer stops. Ask for them with `create-subscription`. */
  notifications(signal?: AbortSignal): NotificationStream {
    const stream = new NotificationStream({ signal, ended: () => this.streams.delete(stream) });
    if (this.gone) stream.end(this.gone.error);
    else this.streams.add(stream);
    return stream;
  }

  /** Ends it at once, without a word to the device. */
  abort(): void {
    this.finish(undefined);
  }

  private greet(): Promise<void> {
    const { device, transport, options } = this;
    const { helloTimeoutMs = HELLO_TIMEOUT_MS, signal } = options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const stage = "the exchange of NETCONF hellos";
        this.finish(deviceErrors.ConnectTimeout({ device, stage, waitedMs: helloTimeoutMs }));
      }, helloTimeoutMs);
      const onAbort = () => this.finish(this.aborted("hello"));
      this.greeted = (error) => {
        this.greeted = undefined;
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        if (error) reject(error);
        else resolve();
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        options.beforeWrite?.();
        // Before anything is read: the device's hello decides how we write from then on.
        this.write(clientHello(this.versions));
        transport.onData((chunk) => this.receive(chunk));
      } catch (error) {
        this.finish(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private get versions(): readonly ProtocolVersion[] {
    return this.options.versions ?? ["1.0", "1.1"];
  }

  private write(message: string): void {
    this.options.log?.sent(message, false);
    this.transport.write(frame(message, this.agreed));
  }

  private receive(chunk: Buffer): void {
    if (this.gone) return;
    for (const { settle, silence } of this.pending.values()) if (settle) silence.refresh();
    this.reader.push(chunk);
    try {
      while (!this.gone) {
        const message = this.reader.next();
        if (message === undefined) return;
        this.options.log?.received(message);
        if (this.greeted) this.welcome(message);
        else this.handle(message);
      }
    } catch (error) {
      this.finish(this.broken(error));
    }
  }

  private welcome(message: string): void {
    const hello = readHello(message);
    if (!hello) throw new FrameError(`no NETCONF hello but ${JSON.stringify(message.slice(0, 100))}`);
    const framing = agreedFraming(this.versions, hello.capabilities.versions);
    if (!framing)
      throw new FrameError(
        `a hello for NETCONF ${hello.capabilities.versions.join(", ")}, not ${this.versions.join(", ")}`,
      );
    this.hello = hello;
    this.agreed = framing;
    this.reader.framing = framing;
    this.greeted?.(undefined);
  }

  private handle(message: string): void {
    // Junos may end a message by the delimiter and a line feed; what is between messages is nothing.
    if (message.trim() === "") return;
    const root = parseXml(message);
    if (root.name === "rpc-reply") this.answered(root, message);
    else if (root.name === "notification") this.announce(readNotification(root));
    else throw new FrameError(`<${root.name}>, which is neither a reply nor a notification`);
  }

  private answered(reply: XmlElement, text: string): void {
    const { "message-id": given } = reply.attributes;
    // Devices that could not read a request answer it without its id; replies come in the order of requests.
    const id = given ?? this.pending.keys().next().value;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || !pending)
      throw new FrameError(`a reply to request ${given ?? "without id"}, which does not wait for one`);
    this.pending.delete(id);
    if (!pending.settle) return;
    const errors = rpcErrors(reply);
    if (errors.some((one) => one.severity === "error"))
      pending.settle(new RpcRefusedError(this.device, pending.operation, errors, reply));
    else pending.settle({ element: reply, text, warnings: errors });
  }

  private announce(notification: Notification): void {
    for (const stream of this.streams) stream.push(notification);
  }

  private broken(error: unknown): Error {
    const { device } = this;
    if (error instanceof FrameError && error.kind === "too large")
      return deviceErrors.ReplyTooLarge({
        device,
        limitBytes: this.options.maxReplyBytes ?? MAX_REPLY_BYTES,
      });
    if (error instanceof FrameError || error instanceof XmlSyntaxError)
      return deviceErrors.ReplyInvalid({ device, why: error.message }, { cause: error });
    return error instanceof Error ? error : new Error(String(error));
  }

  private lost(error: Error | undefined): void {
    const tail = error?.message ?? this.reader.tail;
    const asked = this.leaving && error === undefined;
    this.finish(
      asked ? undefined : deviceErrors.SessionClosed({ device: this.device, tail }, { cause: error }),
    );
  }

  /** The session is over; everybody who waits learns it. */
  private finish(error: Error | undefined): void {
    if (this.gone) return;
    this.gone = { error };
    this.greeted?.(error ?? this.closedError());
    for (const pending of this.pending.values()) pending.settle?.(error ?? this.closedError());
    this.pending.clear();
    for (const stream of this.streams) stream.end(error);
    this.transport.close();
    this.options.log?.end();
    this.end(error);
  }

  private closedError(): Error {
    return this.gone?.error ?? deviceErrors.SessionClosed({ device: this.device, tail: this.reader.tail });
  }

  private aborted(operation: string): Error {
    return deviceErrors.OperationAborted({ device: this.device, why: `during ${operation}` });
  }
}

function envelope(id: string, operation: XmlElement): string {
  const rpc = element("rpc", { xmlns: BASE_NAMESPACE, "message-id": id }, [operation]);
  return `<?xml version="1.0" encoding="UTF-8"?>${writeXml(rpc)}`;
}
