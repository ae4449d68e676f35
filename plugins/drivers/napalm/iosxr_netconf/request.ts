import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { type Tree, treeOf } from "../cisco-xr/tree.ts";
import type { Getter } from "../getter.ts";

/** What a getter asks over NETCONF. */
export type NetconfRequest =
  /** `<get>` with a subtree filter: one or more trees. */
  | { readonly operation: "get"; readonly filter: readonly XmlElement[] }
  /** `<get-config>`; without a filter all of it. */
  | { readonly operation: "get-config"; readonly source: Datastore; readonly filter?: readonly XmlElement[] }
  /** An operation of a model of the device. */
  | { readonly operation: "rpc"; readonly rpc: XmlElement }
  /** What the session knows since its beginning; nothing is sent. */
  | { readonly operation: "session" };

export type Datastore = "running" | "candidate";

/** What a session knows of its device since its beginning. */
export interface SessionFacts {
  /** Capabilities of the device's hello. */
  readonly capabilities: readonly string[];
  /** Namespaces of the models that configuration may use; empty where the device has no library of them (RFC 8525). */
  readonly models: readonly string[];
  /** How configuration is exchanged: as lines of the command line or as XML of the models. */
  readonly configEncoding: "cli" | "xml";
}

/** The `<rpc-reply>`, or for a request of operation `session` its facts. */
export type NetconfReply = XmlElement | SessionFacts;

/** A getter of IOS-XR over NETCONF. An `<rpc-error>` is thrown into it as CommandRefused. */
export type XrNetconfGetter<Model = unknown> = Getter<NetconfRequest, NetconfReply, Model>;
export type Asking<T> = Generator<NetconfRequest, T, NetconfReply>;

/** Asks for state and configuration: one tree by its path and content. */
export function* get(path: string, content: Tree = ""): Asking<XmlElement> {
  return yield* reply({ operation: "get", filter: [treeOf(path, content)] });
}

/** Asks for a part of the running configuration. */
export function* getRunning(path: string, content: Tree = ""): Asking<XmlElement> {
  return yield* reply({ operation: "get-config", source: "running", filter: [treeOf(path, content)] });
}

/** The reply to any request that is sent. */
export function* reply(request: Exclude<NetconfRequest, { operation: "session" }>): Asking<XmlElement> {
  const answer = yield request;
  if ("capabilities" in answer) throw new TypeError("a session told its facts where a reply was asked for");
  return answer;
}

/** What the session knows. */
export function* sessionFacts(): Asking<SessionFacts> {
  const answer = yield { operation: "session" };
  if (!("capabilities" in answer))
    throw new TypeError("a session gave a reply where its facts were asked for");
  return answer;
}
