import type { Connection, ServerChannel } from "ssh2";
import { cut } from "./listener.ts";
import { plainXml, RecordedReplies } from "./plain-xml.ts";
import { type RunningSshServer, startSshServer } from "./ssh-server.ts";

export interface XmlAgentOptions {
  readonly username?: string;
  readonly password?: string;
  readonly hostname?: string;
  /** What stands within `<Request>`, in any layout, with what stands within the `<Response>`; of several the last stays. */
  readonly replies?: Readonly<Record<string, string | readonly string[]>>;
  /** Answers before the table is asked, with a whole response; undefined leaves the request to the table. */
  readonly answer?: (request: string) => string | undefined;
  /** `false`: the router has no agent configured. */
  readonly agent?: boolean;
  /** Text before the first prompt. */
  readonly banner?: string;
  /** Stops for some time after this text of a response, which is a piece of its own then. */
  readonly pausesAfter?: { readonly text: string; readonly ms: number };
  /** Requests (in any layout) that are never answered, that end the agent, and that cut the connection. */
  readonly silentOn?: readonly string[];
  readonly leavesOn?: readonly string[];
  readonly cutOn?: readonly string[];
}

/** A simulated IOS-XR router whose shell has the XML agent and nothing else. */
export interface SimulatedXmlAgent extends RunningSshServer {
  /** What stood within each `<Request>`, without layout, and lines at the command line, in order. */
  received(): string[];
}

/**
 * Starts a simulated router.
 *
 * @example
 * const router = await simulateXmlAgent({ replies: { "<CLI><Exec>show clock</Exec></CLI>": "<CLI><Exec>12:00:00</Exec></CLI>" } });
 */
export async function simulateXmlAgent(options: XmlAgentOptions = {}): Promise<SimulatedXmlAgent> {
  const received: string[] = [];
  const table = new RecordedReplies(options.replies ?? {});
  const server = await startSshServer({
    ...options,
    shell: (channel, connection) => new Shell(channel, connection, options, table, received).start(),
  });
  return Object.assign(server, { received: () => [...received] });
}

class Shell {
  private readonly channel: ServerChannel;
  private readonly connection: Connection;
  private readonly options: XmlAgentOptions;
  private readonly table: RecordedReplies;
  private readonly received: string[];
  private inAgent = false;
  private typed = "";

  constructor(
    channel: ServerChannel,
    connection: Connection,
    options: XmlAgentOptions,
    table: RecordedReplies,
    received: string[],
  ) {
    this.channel = channel;
    this.connection = connection;
    this.options = options;
    this.table = table;
    this.received = received;
  }

  start(): void {
    this.say(`${this.options.banner ?? ""}\r\n\r\n${this.prompt()}`);
    this.channel.on("data", (bytes: Buffer) => {
      this.typed += bytes.toString("utf8");
      for (let end = this.end(); end >= 0; end = this.end()) {
        const text = this.typed.slice(0, end);
        this.typed = this.typed.slice(end).replace(/^\r?\n/, "");
        if (this.inAgent) this.request(text.trim());
        else this.line(text.trim());
      }
    });
  }

  /** Where a line ends; in the agent a request, which may have several lines. */
  private end(): number {
    if (!this.inAgent || /^\s*\w+\s*\n/.test(this.typed)) return this.typed.indexOf("\n");
    const found = this.typed.indexOf("</Request>");
    return found < 0 ? -1 : found + "</Request>".length;
  }

  /** The command line echoes; the agent does not. */
  private line(line: string): void {
    if (line !== "") this.received.push(line);
    this.say(`${line}\r\n`);
    if (line === "exit") {
      this.channel.exit(0);
      this.channel.end();
      return;
    }
    if (line === "xml" && this.options.agent !== false) this.inAgent = true;
    else if (line === "xml")
      this.say(
        "ERROR: 0x24319600 'XML-TTY' detected the 'warning' condition 'The XML TTY Agent has not yet been started. Check that the configuration 'xml agent tty' has been committed.'\r\n",
      );
    else if (line !== "") this.say("          ^\r\n% Invalid input detected at '^' marker.\r\n");
    this.say(this.prompt());
  }

  private request(text: string): void {
    if (text === "exit") {
      this.received.push(text);
      this.inAgent = false;
      this.say(`\r\n${this.prompt()}`);
      return;
    }
    const { options } = this;
    const content = plainXml(/<Request[^>]*>([\s\S]*)<\/Request>/.exec(text)?.[1] ?? "");
    const isOneOf = (requests: readonly string[] = []) => requests.some((one) => plainXml(one) === content);
    this.received.push(content);
    if (isOneOf(options.silentOn)) return;
    if (isOneOf(options.cutOn)) {
      this.channel.write("<Respon", () => cut(this.connection));
      return;
    }
    if (isOneOf(options.leavesOn)) {
      this.inAgent = false;
      this.say(
        `ERROR: 0x44318c06 'XML-TTY' detected the 'warning' condition 'A Light Weight Messaging library communication function returned an error': No such device or address\r\n${this.prompt()}`,
      );
      return;
    }
    const recorded =
      this.table.to(content) ?? '<ResultSummary ErrorCount="1" ErrorMsg="no reply is recorded"/>';
    const whole =
      options.answer?.(content) ?? `<Response MajorVersion="1" MinorVersion="0">${recorded}</Response>`;
    this.respond(
      `<?xml version="1.0" encoding="UTF-8"?>\r\n${whole.replace(/\r?\n/g, "\r\n")}\r\n${this.prompt()}`,
    );
  }

  private respond(text: string): void {
    const { pausesAfter } = this.options;
    const cutAt = pausesAfter ? text.indexOf(pausesAfter.text) + pausesAfter.text.length : 0;
    if (!pausesAfter || cutAt < pausesAfter.text.length) {
      this.say(text);
      return;
    }
    this.say(text.slice(0, cutAt));
    setTimeout(() => this.say(text.slice(cutAt)), pausesAfter.ms);
  }

  private prompt(): string {
    return this.inAgent ? "XML> " : `RP/0/RSP0/CPU0:${this.options.hostname ?? "xr1"}#`;
  }

  private say(text: string): void {
    if (this.channel.writable) this.channel.write(text);
  }
}
