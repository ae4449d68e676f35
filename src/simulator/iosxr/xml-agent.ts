import { type SimulatedXmlAgent, simulateXmlAgent, type XmlAgentOptions } from "../xml-agent.ts";
import { plainText, XrConfiguration, type XrOptions, xmlText } from "./configuration.ts";

export interface XrAgentOptions extends XrOptions, Omit<XmlAgentOptions, "answer"> {}

/** A simulated IOS-XR router by its XML agent, with a configuration. */
export interface SimulatedXrAgent extends SimulatedXmlAgent {
  readonly configuration: XrConfiguration;
}

const SESSION = 1;

/**
 * Starts a simulated router: candidate, lock, comparison, commits with and without a time, rollback; other requests from the table.
 *
 * @example
 * const router = await simulateXrAgent({ running: ["hostname xr1"], rejects: "hostnme" });
 */
export async function simulateXrAgent(options: XrAgentOptions = {}): Promise<SimulatedXrAgent> {
  const configuration = new XrConfiguration(options);
  const router = await simulateXmlAgent({ ...options, answer: (request) => answer(configuration, request) });
  return Object.assign(router, { configuration });
}

/** Undefined: not only operations on the configuration. */
function answer(configuration: XrConfiguration, request: string): string | undefined {
  const operations = request.match(/<(\w+)[^>]*\/>|<(\w+)[\s\S]*?<\/\2>/g) ?? [];
  const answers: string[] = [];
  for (const operation of operations) {
    const said = carryOut(configuration, operation);
    if (said === undefined) return undefined;
    if (said.refused !== undefined)
      return response(1, `<${said.name} ErrorCode="0x1" ErrorMsg="${attribute(said.refused)}"/>`);
    answers.push(said.content ?? `<${said.name}/>`);
  }
  return response(0, answers.join(""));
}

interface Said {
  readonly name: string;
  readonly content?: string;
  readonly refused?: string | undefined;
}

function carryOut(configuration: XrConfiguration, operation: string): Said | undefined {
  const [, name = ""] = /^<(\w+)/.exec(operation) ?? [];
  switch (name) {
    case "Lock":
      return configuration.lock(SESSION)
        ? { name }
        : { name, refused: "The configuration is locked by bob." };
    case "Unlock":
      configuration.unlock();
      return { name };
    case "Clear":
      configuration.discard();
      return { name };
    case "Commit": {
      const [confirmed, replaces] = ["Confirmed=", "Replace="].map((attribute) =>
        operation.includes(attribute),
      );
      return { name, refused: configuration.commit(SESSION, confirmed ?? false, replaces) };
    }
    case "Rollback":
      configuration.rollback();
      return { name };
    case "CLI":
      return configure(configuration, operation);
    default:
      return undefined;
  }
}

function configure(configuration: XrConfiguration, operation: string): Said | undefined {
  const [, text] = /<Configuration>([\s\S]*)<\/Configuration>/.exec(operation) ?? [];
  if (text === undefined) return undefined;
  const shown = (lines: string) => ({
    name: "CLI",
    content: `<CLI><Configuration>Building configuration...\n!! IOS XR Configuration 6.1.1\n${xmlText(lines)}\nend\n</Configuration></CLI>`,
  });
  if (text === "show configuration merge") return shown(configuration.candidate.join("\n"));
  if (text === "show running-config") return shown(configuration.running.join("\n"));
  if (text === "show configuration changes diff") return shown(configuration.difference(true));
  return { name: "CLI", refused: configuration.load(plainText(text), "merge") };
}

function response(errors: number, content: string): string {
  return `<Response MajorVersion="1" MinorVersion="0"><ResultSummary ErrorCount="${errors}"/>${content}</Response>`;
}

function attribute(text: string): string {
  return xmlText(text).replaceAll("\n", "&#10;");
}
