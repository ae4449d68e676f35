import {
  type NetconfServerOptions,
  refusal,
  type SimulatedNetconf,
  simulateNetconf,
} from "../netconf/server.ts";
import { plainText, XrConfiguration, type XrOptions, xmlText } from "./configuration.ts";

export interface XrNetconfOptions extends XrOptions {
  /** Replies to other requests, as of `simulateNetconf`. */
  readonly replies?: NetconfServerOptions["replies"];
  /** Capabilities beside those of the candidate. */
  readonly capabilities?: readonly string[];
}

/** A simulated IOS-XR router over NETCONF. */
export interface SimulatedXrNetconf extends SimulatedNetconf {
  readonly configuration: XrConfiguration;
}

const CLI = "http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg";

/**
 * Starts a simulated router whose configuration is lines of the command line: candidate, lock, difference, confirmed commit (which a
 * session that ends takes back) and rollback.
 *
 * @example
 * const router = await simulateXrNetconf({ running: ["hostname xr1"] });
 */
export async function simulateXrNetconf(options: XrNetconfOptions = {}): Promise<SimulatedXrNetconf> {
  const configuration = new XrConfiguration(options);
  const capability = (name: string) => `urn:ietf:params:netconf:capability:${name}`;
  const server = await simulateNetconf({
    versions: ["1.1"],
    capabilities: [
      ...["candidate:1.0", "confirmed-commit:1.1", "validate:1.1", "rollback-on-error:1.0"].map(capability),
      ...(options.capabilities ?? []),
    ],
    ...(options.replies && { replies: options.replies }),
    answer: (request, session) => answer(configuration, request, session),
    ended: (session) => configuration.forget(session, true),
  });
  return Object.assign(server, { configuration });
}

/** Undefined: a request of another kind. */
function answer(configuration: XrConfiguration, request: string, session: number): string | undefined {
  const done = (refused?: string) => (refused === undefined ? "<ok/>" : refusal("operation-failed", refused));
  const [, name = ""] = /^<([\w-]+)/.exec(request) ?? [];
  const [, lines] = /<cli [^>]*>([\s\S]*?)<\/cli>/.exec(request) ?? [];
  switch (name) {
    case "lock":
      return configuration.lock(session)
        ? "<ok/>"
        : refusal("lock-denied", "the configuration is locked by bob");
    case "unlock":
      configuration.unlock();
      return "<ok/>";
    case "edit-config":
      return done(configuration.load(plainText(lines ?? ""), "merge"));
    case "copy-config":
      return done(configuration.load(plainText(lines ?? ""), "replace"));
    case "get-cli-config-diff":
      return `<data xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-diff-act">\n!! IOS XR Configuration 7.3.2\n${xmlText(configuration.difference())}\nend\n</data>`;
    case "commit":
      return done(configuration.commit(session, request.includes("<confirmed/>")));
    case "discard-changes":
      configuration.discard();
      return "<ok/>";
    case "cancel-commit":
      if (configuration.waitingFor !== session) return refusal("operation-failed", "no commit waits");
      configuration.rollback();
      return "<ok/>";
    case "roll-back-configuration-last":
      configuration.rollback();
      return "<ok/>";
    case "get-config": {
      if (!request.includes("Cisco-IOS-XR-cli-cfg")) return undefined;
      const which = request.includes("<candidate/>") ? configuration.candidate : configuration.running;
      return `<data><cli xmlns="${CLI}">${xmlText(which.join("\n"))}\n</cli></data>`;
    }
    default:
      return undefined;
  }
}
