import { z } from "zod";
import { element, XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused, type Getter } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** What a getter of Junos asks. The reply is the element within `<rpc-reply>`, of commands their text unless they are asked for elements, of
 * facts their value. */
export type JunosRequest = RpcRequest | ConfigurationRequest | CommandRequest | FactRequest;
export type JunosReply = unknown;

/** An operational RPC; arguments are child elements, `true` an empty one. */
export interface RpcRequest {
  readonly rpc: string;
  readonly args: RpcArguments;
}
export type RpcArguments = Readonly<Record<string, string | true>>;

/** A part of the configuration: `protocols/bgp/group`, all of it where the path is empty. */
export interface ConfigurationRequest {
  readonly configuration: string;
  /** Only the entry of that name. */
  readonly named?: string | undefined;
  /** Attributes of `<get-configuration>` in place of the session's own. */
  readonly options?: Readonly<Record<string, string>>;
}

/** A command of the CLI, answered as text (as it came, with its line feeds), as JSON or as the elements behind it. */
export interface CommandRequest {
  readonly command: string;
  readonly format: "text" | "xml" | "json";
}

/** What a session knows about its device, or finds out: facts.ts. */
export interface FactRequest {
  readonly fact: FactName;
}

/** A getter of Junos. */
export type JunosGetter<Model = unknown> = Getter<JunosRequest, JunosReply, Model>;
export type Asking<T> = Generator<JunosRequest, T, JunosReply>;

/** Facts by name. */
export interface JunosFacts {
  readonly identity: {
    readonly hostname: string;
    readonly fqdn: string;
    readonly model: string;
    readonly serialNumber: string;
    readonly version: string;
  };
  /** Seconds since the routing engine of the session started; -1 where it does not say. */
  readonly uptime: number;
  /** How the device calls what belongs to Ethernet switching. */
  readonly switchStyle: "VLAN" | "VLAN_L2NG" | "BRIDGE_DOMAIN" | "NONE";
  /** Whether it is a chassis cluster of SRX firewalls. */
  readonly srxCluster: boolean;
}
export type FactName = keyof JunosFacts;

/** Attributes of `<get-configuration>` where `optional_args` do not say otherwise: what is in force, groups applied. */
export const CONFIGURATION_OPTIONS: Readonly<Record<string, string>> = {
  database: "committed",
  inherit: "inherit",
  groups: "groups",
};

/** Asks by an RPC. */
export function* rpc(name: string, args: RpcArguments = {}): Asking<XmlElement> {
  return elementOf(yield { rpc: name, args });
}

/** Asks for a part of the configuration; the reply is `<configuration>`. */
export function* configuration(
  path: string,
  more: Omit<ConfigurationRequest, "configuration"> = {},
): Asking<XmlElement> {
  return elementOf(yield { configuration: path, ...more });
}

/** Asks by a command for the elements behind its output. */
export function* command(line: string): Asking<XmlElement> {
  return elementOf(yield { command: line, format: "xml" });
}

/** Asks by a command for its text. */
export function* text(line: string): Asking<string> {
  const reply = yield { command: line, format: "text" };
  return z.string().parse(reply);
}

/** Asks for a fact about the device, which the session has from `factGatherers`. */
export function* fact<Name extends FactName>(name: Name): Asking<JunosFacts[Name]> {
  return (yield { fact: name }) as JunosFacts[Name];
}

/** Undefined where the device refuses. */
export function* orNone<T>(asking: () => Asking<T>): Asking<T | undefined> {
  try {
    return yield* asking();
  } catch (error) {
    if (error instanceof CommandRefused) return undefined;
    throw error;
  }
}

/** The RPC of a request; `options` are the session's own attributes for configuration. */
export function rpcElement(
  request: RpcRequest | ConfigurationRequest | CommandRequest,
  options: Readonly<Record<string, string>> = CONFIGURATION_OPTIONS,
): XmlElement {
  if ("rpc" in request) {
    const args = Object.entries(request.args);
    return element(
      request.rpc,
      {},
      args.map(([name, value]) => element(name, {}, value === true ? [] : value)),
    );
  }
  if ("command" in request) {
    return element("command", request.format === "xml" ? {} : { format: request.format }, request.command);
  }
  return element("get-configuration", request.options ?? options, filterOf(request));
}

function filterOf({ configuration: path, named }: ConfigurationRequest): XmlElement[] {
  if (path === "") return [];
  const innermost = named === undefined ? [] : [element("name", {}, named)];
  return ["configuration", ...path.split("/")].reduceRight<XmlElement[]>(
    (content, name) => [element(name, {}, content)],
    innermost,
  );
}

function elementOf(reply: unknown): XmlElement {
  if (reply instanceof XmlElement) return reply;
  throw new InvalidValue("an element", String(reply));
}
