import { element, parseXml, writeXml, type XmlElement } from "../xml/index.ts";
import { Capabilities } from "./capabilities.ts";
import type { Framing } from "./framing.ts";

export const BASE_NAMESPACE = "urn:ietf:params:xml:ns:netconf:base:1.0";
const VERSIONS = { "1.0": "urn:ietf:params:netconf:base:1.0", "1.1": "urn:ietf:params:netconf:base:1.1" };
export type ProtocolVersion = keyof typeof VERSIONS;

/** What the device said of itself at the beginning. */
export interface Hello {
  readonly capabilities: Capabilities;
  readonly sessionId: string;
}

/** Our own hello: versions of the protocol only, since a client announces nothing else that devices act on. */
export function clientHello(versions: readonly ProtocolVersion[]): string {
  const capabilities = versions.map((version) => element("capability", {}, VERSIONS[version]));
  const hello = element("hello", { xmlns: BASE_NAMESPACE }, [element("capabilities", {}, capabilities)]);
  return `<?xml version="1.0" encoding="UTF-8"?>${writeXml(hello)}`;
}

/** Reads the device's hello; text before it, such as a message of the day, is passed over. Throws `XmlSyntaxError`. */
export function readHello(message: string): Hello | undefined {
  const start = message.search(/<\?xml|<(?:[\w-]+:)?hello/);
  if (start < 0) return undefined;
  const root: XmlElement = parseXml(message.slice(start));
  if (root.name !== "hello") return undefined;
  return {
    capabilities: new Capabilities(root.all("capabilities/capability").map((one) => one.value())),
    sessionId: root.value("session-id"),
  };
}

/** The framing after the hellos; undefined when the two have no version in common. */
export function agreedFraming(ours: readonly string[], theirs: readonly string[]): Framing | undefined {
  if (ours.includes("1.1") && theirs.includes("1.1")) return "chunked";
  // Old devices announce no version at all.
  return ours.includes("1.0") && (theirs.includes("1.0") || theirs.length === 0) ? "delimited" : undefined;
}
