import type { Connection, ServerChannel } from "ssh2";
import { cut } from "../listener.ts";
import { plainXml, RecordedReplies } from "../plain-xml.ts";
import { type RunningSshServer, startSshServer } from "../ssh-server.ts";
import { framed, MessageReader } from "./framing.ts";

const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";

export interface NetconfServerOptions {
  readonly username?: string;
  readonly password?: string;
  /** Versions of the protocol that it announces; 1.0 and 1.1 unless told. */
  readonly versions?: readonly ("1.0" | "1.1")[];
  /** Further capabilities: URIs. */
  readonly capabilities?: readonly string[];
  /**
   * What stands within `<rpc>`, in any layout, with what stands within the `<rpc-reply>`; of several the first is the first answer and
   * the last stays.
   */
  readonly replies?: Readonly<Record<string, string | readonly string[]>>;
  /** Answers before the table is asked; undefined leaves the request to the table. */
  readonly answer?: (request: string, session: number) => string | undefined;
  /** Said beside the protocol, on the error stream. */
  readonly aside?: string;
  /** Hears that a session is over. */
  readonly ended?: (session: number) => void;
  /** Sends everything in pieces of so many bytes. */
  readonly pieceBytes?: number;
  /** Text before the hello. */
  readonly greeting?: string;
}

/** What may be changed while it runs, by names of operations such as `get-config`. */
export interface NetconfFaults {
  /** Never answered. */
  silentOn: readonly string[];
  /** The connection is cut within the answer. */
  cutOn: readonly string[];
}

/** A simulated NETCONF server on the loopback address. */
export interface SimulatedNetconf extends RunningSshServer {
  /** What stood within each `<rpc>`, without layout, in order; `<close-session/>` is left out. */
  received(): string[];
  /** How many sessions are open now. */
  openSessions(): number;
  readonly faults: NetconfFaults;
  /** Tells all sessions of an event. */
  notify(event: string): void;
}

/**
 * Starts a simulated device that answers NETCONF from a table. What the table does not have is refused with an `<rpc-error>`.
 *
 * @example
 * const device = await simulateNetconf({
 *   versions: ["1.0"],
 *   replies: { "<get-system-uptime-information/>": "<system-uptime-information>…</system-uptime-information>" },
 * });
 */
export async function simulateNetconf(options: NetconfServerOptions = {}): Promise<SimulatedNetconf> {
  const device = new NetconfDevice(options);
  const server = await startSshServer({
    ...options,
    subsystems: { netconf: (channel, connection) => device.serve(channel, connection) },
  });
  return Object.assign(server, {
    received: () => device.received.filter((request) => request !== "<close-session/>"),
    openSessions: () => device.sessions.size,
    faults: device.faults,
    notify: (event: string) => {
      for (const session of device.sessions) session.notify(event);
    },
  });
}

class NetconfDevice {
  readonly options: NetconfServerOptions;
  readonly received: string[] = [];
  readonly sessions = new Set<NetconfSession>();
  readonly faults: NetconfFaults = { silentOn: [], cutOn: [] };
  private readonly table: RecordedReplies;
  private count = 0;

  constructor(options: NetconfServerOptions) {
    this.options = options;
    this.table = new RecordedReplies(options.replies ?? {});
  }

  serve(channel: ServerChannel, connection: Connection): void {
    const number = ++this.count;
    const session = new NetconfSession(this, number, channel, connection);
    this.sessions.add(session);
    channel.once("close", () => {
      this.sessions.delete(session);
      this.options.ended?.(number);
    });
    session.start();
  }

  answerTo(request: string, session: number): string {
    if (request === "<close-session/>") return "<ok/>";
    const reply = this.options.answer?.(request, session) ?? this.table.to(request);
    return reply ?? refusal("operation-not-supported", `no reply is recorded for ${request.slice(0, 200)}`);
  }
}

class NetconfSession {
  private readonly device: NetconfDevice;
  private readonly number: number;
  private readonly channel: ServerChannel;
  private readonly connection: Connection;
  private readonly reader = new MessageReader();

  constructor(device: NetconfDevice, number: number, channel: ServerChannel, connection: Connection) {
    this.device = device;
    this.number = number;
    this.channel = channel;
    this.connection = connection;
  }

  start(): void {
    const { versions = ["1.0", "1.1"], capabilities = [], greeting = "", aside } = this.device.options;
    if (aside !== undefined) this.channel.stderr.write(aside);
    const uris = [...versions.map((version) => `urn:ietf:params:netconf:base:${version}`), ...capabilities];
    const list = uris.map((uri) => `<capability>${escaped(uri)}</capability>`).join("");
    this.write(
      framed(
        `${greeting}<hello xmlns="${BASE}"><capabilities>${list}</capabilities><session-id>${this.number}</session-id></hello>`,
        false,
      ),
    );
    this.channel.on("data", (bytes: Buffer) => {
      this.reader.push(bytes);
      for (let message = this.reader.next(); message !== undefined; message = this.reader.next())
        this.handle(message, versions);
    });
  }

  notify(event: string): void {
    const time = "2026-11-25T00:00:00Z";
    this.say(
      `<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"><eventTime>${time}</eventTime>${event}</notification>`,
    );
  }

  private handle(message: string, versions: readonly string[]): void {
    if (/<(?:\w+:)?hello\b/.test(message)) {
      this.reader.chunked = versions.includes("1.1") && message.includes("netconf:base:1.1");
      return;
    }
    const found = /<(?:\w+:)?rpc\b([^>]*)>([\s\S]*)<\/(?:\w+:)?rpc>/.exec(message);
    const id = /message-id="([^"]*)"/.exec(found?.[1] ?? "")?.[1] ?? "";
    const request = plainXml(found?.[2] ?? "");
    const name = /^<([\w.-]+)/.exec(request)?.[1] ?? "";
    this.device.received.push(request);
    const { silentOn, cutOn } = this.device.faults;
    if (silentOn.includes(name)) return;
    const content = this.device.answerTo(request, this.number);
    const reply = `<rpc-reply xmlns="${BASE}" message-id="${id}">\n${content}\n</rpc-reply>`;
    if (cutOn.includes(name)) {
      const bytes = framed(reply, this.reader.chunked);
      this.channel.write(bytes.subarray(0, bytes.length / 2), () => cut(this.connection));
      return;
    }
    this.say(reply);
    if (request !== "<close-session/>") return;
    this.channel.exit(0);
    this.channel.end();
  }

  private say(message: string): void {
    this.write(framed(`<?xml version="1.0" encoding="UTF-8"?>\n${message}`, this.reader.chunked));
  }

  private write(bytes: Buffer): void {
    const { pieceBytes = bytes.length } = this.device.options;
    for (let at = 0; at < bytes.length; at += pieceBytes)
      this.channel.write(bytes.subarray(at, at + pieceBytes));
  }
}

/** An `<rpc-error>` with the given tag and words. */
export function refusal(tag: string, message: string): string {
  return `<rpc-error><error-type>application</error-type><error-tag>${tag}</error-tag><error-severity>error</error-severity><error-message>${escaped(message)}</error-message></rpc-error>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
