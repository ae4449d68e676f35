import { XmlElement } from "../../../../src/device/xml/index.ts";
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
  /** What the router announced in its hello; nothing is sent. */
  | { readonly operation: "capabilities" };

export type Datastore = "running" | "candidate";

/** `<data>`; for an operation of a model the `<rpc-reply>`; for `capabilities` their URIs. */
export type NetconfReply = XmlElement | readonly string[];

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
export function* reply(request: Exclude<NetconfRequest, { operation: "capabilities" }>): Asking<XmlElement> {
  const answer = yield request;
  if (answer instanceof XmlElement) return answer;
  throw new TypeError(`${request.operation} was answered with capabilities`);
}

/** URIs of what the router announces. */
export function* capabilities(): Asking<readonly string[]> {
  const answer = yield { operation: "capabilities" };
  if (!(answer instanceof XmlElement)) return answer;
  throw new TypeError("capabilities were answered with a reply");
}
