import { compilePath, findAll, findFirst } from "./path.ts";

export type XmlContent = string | XmlElement;

const noAttributes: Readonly<Record<string, string>> = Object.freeze({});
const noContent: readonly never[] = Object.freeze([]);

/** What an element is made of; what is left out is empty. */
export interface XmlParts {
  readonly namespace?: string;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly children?: readonly XmlElement[] | undefined;
  readonly text?: string;
  readonly prefixes?: Readonly<Record<string, string>> | undefined;
  /** Text and children in their order, where there are both. */
  readonly mixed?: readonly XmlContent[] | undefined;
}

/**
 * An element of an XML document, as `parseXml` reads it and `element` builds it. Never changes.
 *
 * Paths are those of XPath that device replies need, by local names: `a/b/c`, `*` for any name, `.//b` and `a//b` for
 * descendants, and behind a step `[name='text']` (trimmed text of a child), `[name]` (has such a child), `[@name='text']`,
 * `[@name]`, `[.='text']` and `[2]` (the second such child of its parent). A path that cannot be read is a `SyntaxError`.
 *
 * @example
 * const reply = parseXml("<interfaces><interface><name>ge-0/0/0</name><mtu>1514</mtu></interface></interfaces>");
 * reply.value("interface[name='ge-0/0/0']/mtu"); // "1514"
 * reply.all("interface").map((one) => one.value("name")); // ["ge-0/0/0"]
 */
export class XmlElement {
  /** Local name: `interface` for `if:interface`. */
  readonly name: string;
  /** URI of the namespace; empty where there is none, for an undeclared prefix, and on built elements that take their parent's. */
  readonly namespace: string;
  /** By the name as written (`junos:style`), references resolved, without declarations of namespaces. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Character data and CDATA directly within, joined, not trimmed; empty where there is but white space beside children. */
  readonly text: string;
  /** Prefixes that this element declares, with their URIs; `""` is there only where the default namespace is taken away. */
  readonly prefixes: Readonly<Record<string, string>>;
  private readonly mixed: readonly XmlContent[] | undefined;

  constructor(name: string, parts: XmlParts = {}) {
    this.name = name;
    this.namespace = parts.namespace ?? "";
    this.attributes = parts.attributes ?? noAttributes;
    this.children = parts.children ?? noContent;
    this.text = parts.text ?? "";
    this.prefixes = parts.prefixes ?? noAttributes;
    this.mixed = parts.mixed;
  }

  /** Text and children in their order; white space between children is left out. */
  get content(): readonly XmlContent[] {
    if (this.mixed) return this.mixed;
    if (this.children.length > 0) return this.children;
    return this.text === "" ? noContent : [this.text];
  }

  /** The first child of that local name. */
  child(name: string): XmlElement | undefined {
    for (const one of this.children) if (one.name === name) return one;
    return undefined;
  }

  /** Every element that the path leads to from here, in the order in which they stand. */
  all(path: string): readonly XmlElement[] {
    return findAll(this, compilePath(path));
  }

  first(path: string): XmlElement | undefined {
    return findFirst(this, compilePath(path));
  }

  /** Trimmed text of the first element that the path leads to, or of this one; empty when there is none. */
  value(path?: string): string {
    return (path === undefined ? this : this.first(path))?.text.trim() ?? "";
  }

  has(path: string): boolean {
    return this.first(path) !== undefined;
  }
}

/**
 * Builds an element. `xmlns` and `xmlns:p` among the attributes declare namespaces; without `xmlns` the element is written into
 * its parent's.
 *
 * @example
 * writeXml(element("get-config", {}, [element("source", {}, [element("running")])]));
 * // <get-config><source><running/></source></get-config>
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  content: string | readonly XmlContent[] = [],
): XmlElement {
  const parts = typeof content === "string" ? [content] : content;
  const children = parts.filter((part) => typeof part !== "string");
  const text = parts.filter((part) => typeof part === "string").join("");
  const plain: Record<string, string> = {};
  const prefixes: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("xmlns:")) prefixes[key.slice("xmlns:".length)] = value;
    else if (key !== "xmlns") plain[key] = value;
  }
  const { xmlns: namespace = "" } = attributes;
  if (namespace === "" && "xmlns" in attributes) prefixes[""] = "";
  const mixed = children.length > 0 && text !== "" ? parts.filter((part) => part !== "") : undefined;
  return new XmlElement(name, { namespace, attributes: plain, children, text, prefixes, mixed });
}
