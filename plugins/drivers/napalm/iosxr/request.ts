import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { type Tree, treeOf } from "../cisco-xr/tree.ts";
import type { Getter } from "../getter.ts";

/**
 * A getter of IOS-XR: asks the XML agent. A request is what stands within the agent's `<Request>`, such as `<Get>…</Get>`, a reply
 * its `<Response>`. A response that reports errors is thrown into the getter as CommandRefused.
 */
export type XrGetter<Model = unknown> = Getter<XmlElement, XmlElement, Model>;
export type Asking<T> = Generator<XmlElement, T, XmlElement>;

/** Asks for one part of the agent's data, by its path below `<Get>`. */
export function* get(path: string, content: Tree = ""): Asking<XmlElement> {
  return yield treeOf(`Get/${path}`, content);
}

/** What a show command prints: among those for operators (`Exec`), or with the candidate at hand (`Configuration`). */
export function* show(where: "Exec" | "Configuration", command: string): Asking<string> {
  const response = yield treeOf(`CLI/${where}`, command);
  return response.first(`.//CLI/${where}`)?.text ?? "";
}
