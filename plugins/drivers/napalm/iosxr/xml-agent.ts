import { ExpectChannel, type SessionLog, type Transport } from "../../../../src/device/index.ts";
import { element, writeXml, type XmlElement, XmlSyntaxError } from "../../../../src/device/xml/index.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors, type OperationContext } from "../../../../src/plugin/index.ts";
import { responseOf } from "./response.ts";

export interface XmlAgentOptions {
  /** Name for messages. */
  readonly device: string;
  /** Longest silence, in milliseconds. */
  readonly timeoutMs: number;
  readonly log?: SessionLog;
}

/** When to stop, what may be written, and how long to wait. */
type Accompanied = Pick<OperationContext, "signal" | "beforeWrite">;

const CLI_PROMPT = /^(?:RP|LC)?\/?[\w.\-@/:]{1,64}(?:\([\w.\-/: ]{0,64}\))?#\s*$/;
const XML_PROMPT = /^XML>\s*$/;
const ENTER = "\n";
// A banner may have a line that looks like a prompt.
const SETTLE_MS = 150;
const GOODBYE_MS = 3000;
/** How long a router may take to end a session that was told goodbye. */
const FAREWELL_MS = 500;

/**
 * The XML agent of an IOS-XR router in a shell: `xml` at the command line begins it, requests and responses follow each other until the
 * prompt `XML>`. Requests have no ids, so after a timeout nobody knows what the next response belongs to.
 *
 * @example
 * const agent = await XmlAgent.open(await connection.shell(), { device: "r1", timeoutMs: 60_000 }, context);
 * const response = await agent.ask([treeOf("Get/Operational/SystemTime")], context);
 */
export class XmlAgent {
  readonly closed: Promise<Error | undefined>;
  private readonly channel: ExpectChannel;
  private readonly options: XmlAgentOptions;
  /** The command line's own prompt: text within a response may look like one. */
  private prompt = "";

  private constructor(transport: Transport, options: XmlAgentOptions) {
    const { device, log } = options;
    this.options = options;
    this.channel = new ExpectChannel(transport, {
      device,
      encoding: "utf-8",
      stripAnsi: true,
      tailLines: 1,
      ...(log && { log }),
    });
    this.closed = transport.closed;
  }

  /** Waits for the command line and begins the agent. Throws `XmlAgentUnavailable`, and what an exchange can. */
  static async open(transport: Transport, options: XmlAgentOptions, context: Accompanied): Promise<XmlAgent> {
    const agent = new XmlAgent(transport, options);
    try {
      await agent.begin(context);
      return agent;
    } catch (error) {
      agent.abort();
      throw error;
    }
  }

  /**
   * Sends what stands within `<Request>` and returns the `<Response>`. Throws CommandRefused for what the router reports as an error,
   * `ReplyInvalid` for what is no response, and what an exchange can.
   */
  async ask(
    operations: readonly XmlElement[],
    context: Accompanied,
    timeoutMs?: number,
  ): Promise<XmlElement> {
    const { device } = this.options;
    if (this.channel.outOfStep)
      throw deviceErrors.SessionClosed({ device, tail: "an earlier request was not answered" });
    const request = element("Request", { MajorVersion: "1", MinorVersion: "0" }, operations);
    const text = `<?xml version="1.0" encoding="UTF-8"?>${writeXml(request)}${ENTER}`;
    const said = await this.exchange(text, context, timeoutMs);
    const start = said.indexOf("<Response");
    if (start < 0) throw this.invalid(said);
    try {
      return responseOf(said.slice(start));
    } catch (error) {
      throw error instanceof XmlSyntaxError ? this.invalid(said, error) : error;
    }
  }

  /** Whether the next response would belong to the next request. */
  get isInStep(): boolean {
    return !this.channel.outOfStep && !this.channel.isClosed;
  }

  /** Leaves the agent and the command line; never throws. */
  async close(context: Accompanied): Promise<void> {
    try {
      this.channel.beforeWrite = context.beforeWrite;
      if (this.isInStep) {
        await this.channel.exchange<true>({
          send: `exit${ENTER}`,
          decide: (tail) => (CLI_PROMPT.test(tail) ? { finish: true } : undefined),
          silenceMs: GOODBYE_MS,
          label: "exit",
          signal: context.signal,
        });
        this.channel.write(`exit${ENTER}`);
        await this.endedWithin(FAREWELL_MS);
      }
    } catch {
      // It is left without a word.
    } finally {
      this.abort();
    }
  }

  abort(): void {
    this.channel.close();
  }

  private async endedWithin(limitMs: number): Promise<void> {
    const limit = AbortSignal.timeout(limitMs);
    const over = new Promise((resolve) => limit.addEventListener("abort", resolve, { once: true }));
    await Promise.race([this.closed, over]);
  }

  private async begin(context: Accompanied): Promise<void> {
    const { device, timeoutMs } = this.options;
    this.channel.beforeWrite = context.beforeWrite;
    const { tail: prompt } = await this.channel.exchange<true>({
      decide: (tail) => (CLI_PROMPT.test(tail) ? { finish: true, settleMs: SETTLE_MS } : undefined),
      silenceMs: timeoutMs,
      label: "the command line",
      signal: context.signal,
    });
    this.prompt = prompt.trim();
    const { value, text } = await this.channel.exchange<"agent" | "command line">({
      send: `xml${ENTER}`,
      echo: "xml",
      decide: (tail) => {
        if (XML_PROMPT.test(tail)) return { finish: "agent" };
        return CLI_PROMPT.test(tail) ? { finish: "command line", settleMs: SETTLE_MS } : undefined;
      },
      silenceMs: timeoutMs,
      label: "xml",
      signal: context.signal,
    });
    if (value === "command line") throw napalmErrors.XmlAgentUnavailable({ device, answer: oneLine(text) });
  }

  /** Everything that comes before the next `XML>`. */
  private async exchange(text: string, context: Accompanied, timeoutMs?: number): Promise<string> {
    const { device } = this.options;
    this.channel.beforeWrite = context.beforeWrite;
    const reply = await this.channel.exchange<true>({
      send: text,
      decide: (tail) => {
        if (XML_PROMPT.test(tail)) return { finish: true };
        // The agent ends by itself when its connection within the router breaks.
        if (tail.trim() !== this.prompt) return undefined;
        return { fail: () => deviceErrors.SessionClosed({ device, tail }), settleMs: SETTLE_MS };
      },
      silenceMs: timeoutMs ?? this.options.timeoutMs,
      label: "a request to the XML agent",
      signal: context.signal,
    });
    return reply.text;
  }

  private invalid(said: string, cause?: Error): Error {
    const why = cause ? `no XML (${cause.message})` : `no <Response> but ${JSON.stringify(oneLine(said))}`;
    return deviceErrors.ReplyInvalid({ device: this.options.device, why }, { cause });
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 300);
}
