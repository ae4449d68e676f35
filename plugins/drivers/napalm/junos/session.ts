import {
  connectNetconf,
  type NetconfClient,
  RpcRefusedError,
  type RpcReply,
} from "../../../../src/device/netconf/index.ts";
import { SshLogin } from "../../../../src/device/ssh-login.ts";
import { element, type XmlElement } from "../../../../src/device/xml/index.ts";
import {
  type Command,
  type DeviceTarget,
  type OperationContext,
  pluginErrors,
} from "../../../../src/plugin/index.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import type { DeviceLink, Services } from "../platform.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { factGatherers } from "./facts.ts";
import { pipedCommand } from "./pipes.ts";
import { type FactName, type JunosReply, type JunosRequest, rpcElement } from "./request.ts";
import { type JunosSettings, junosSettings } from "./settings.ts";
import type { JunosVerbReply } from "./verbs.ts";

/** Junos over NETCONF: RPCs, commands as `<command>`, and facts that are asked for once. */
export class JunosLink implements DeviceLink<JunosRequest, JunosReply, XmlElement, JunosVerbReply> {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #client: NetconfClient;
  readonly #settings: JunosSettings;
  readonly #facts = new Map<FactName, unknown>();

  constructor(device: string, client: NetconfClient, settings: JunosSettings) {
    this.device = device;
    this.closed = client.closed;
    this.#client = client;
    this.#settings = settings;
  }

  static async connect(
    target: DeviceTarget,
    context: OperationContext,
    { ssh }: Services,
  ): Promise<JunosLink> {
    const settings = junosSettings(target.args);
    const login = new SshLogin(ssh, target, settings.ssh, context);
    const client = await connectNetconf(login, {
      device: target.name,
      replyTimeoutMs: settings.timeoutMs,
      beforeWrite: context.beforeWrite,
      signal: context.signal,
    });
    return new JunosLink(target.name, client, settings);
  }

  async ask(request: JunosRequest, context: OperationContext): Promise<JunosReply> {
    if ("fact" in request) return this.#fact(request.fact, context);
    const reply = await this.#rpc(rpcElement(request, this.#settings.configurationOptions), context);
    return "command" in request && request.format !== "xml" ? textOf(reply) : contentOf(reply);
  }

  async send(request: XmlElement, context: OperationContext, timeoutMs?: number): Promise<JunosVerbReply> {
    const isCommit = request.name === "commit-configuration";
    const reply = await this.#rpc(request, context, timeoutMs ?? (isCommit ? COMMIT_MS : undefined));
    return { element: contentOf(reply), warnings: reply.warnings.map(({ message }) => message) };
  }

  async run(line: Command, context: OperationContext): Promise<string> {
    if (line.dialogue?.length)
      throw pluginErrors.NotImplemented({ what: "a dialogue on platform junos", driver: "napalm" });
    const { command, filter } = pipedCommand(line.command);
    const reply = await this.#rpc(rpcElement({ command, format: "text" }), context, line.readTimeoutMs);
    const output = filter(textOf(reply));
    if (!context.onOutput) return output;
    context.onOutput(output);
    return "";
  }

  async runJson(command: string, context: OperationContext): Promise<unknown> {
    const text = textOf(await this.#rpc(rpcElement({ command, format: "json" }), context));
    try {
      return JSON.parse(text);
    } catch {
      throw new InvalidValue("JSON", text.trim().slice(0, 100));
    }
  }

  /** Whether the device answers; a refusal is an answer. */
  async isAlive(context: OperationContext): Promise<boolean> {
    try {
      await this.ask({ rpc: "get-system-uptime-information", args: {} }, context);
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

  async #fact(name: FactName, context: OperationContext): Promise<unknown> {
    if (this.#facts.has(name)) return this.#facts.get(name);
    const value = await runGetter<JunosRequest, JunosReply, unknown>(
      factGatherers[name],
      { args: {}, now: 0 },
      (request) => this.ask(request, context),
    );
    if (LASTING.has(name)) this.#facts.set(name, value);
    return value;
  }

  async #rpc(request: XmlElement, context: OperationContext, timeoutMs?: number): Promise<RpcReply> {
    const { signal, beforeWrite } = context;
    try {
      return await this.#client.rpc(request, {
        signal,
        beforeWrite,
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
    } catch (error) {
      if (!(error instanceof RpcRefusedError)) throw error;
      const partial = partOf(error);
      if (partial) return partial;
      throw new CommandRefused(error.errors.map(({ message, tag }) => message || tag).join("; "), {
        cause: error,
      });
    }
  }
}

/** A large configuration takes minutes to be checked and put in force, in which the device says nothing. */
const COMMIT_MS = 600_000;

/** What a device is does not change while a session lasts; its name and version may. */
const LASTING: ReadonlySet<FactName> = new Set(["switchStyle", "srxCluster"]);

/** The element that a reply is about. */
function contentOf({ element: reply }: RpcReply): XmlElement {
  return reply.children.find(({ name }) => name !== "rpc-error") ?? reply;
}

/** What a command prints stands in `<output>`, of `show configuration` in elements of its own. */
function textOf({ element: reply }: RpcReply): string {
  const [content] = reply.children.filter(({ name }) => name !== "rpc-error");
  return content ? (content.text.trim() === "" ? deepText(content) : content.text) : reply.text;
}

function deepText({ text, children }: XmlElement): string {
  return children.length === 0 ? text : children.map(deepText).join("");
}

/** Of several routing engines some may answer while others cannot be reached. */
function partOf({ reply, warnings }: RpcRefusedError): RpcReply | undefined {
  const items = reply.all("multi-routing-engine-results/multi-routing-engine-item");
  const answered = items.filter((one) =>
    one.children.some(({ name }) => name !== "re-name" && name !== "rpc-error" && name !== "error"),
  );
  if (answered.length === 0) return undefined;
  const part = element("rpc-reply", {}, [element("multi-routing-engine-results", {}, answered)]);
  return { element: part, text: "", warnings };
}
