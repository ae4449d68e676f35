import type { XmlElement } from "./element.ts";
import { parseXml } from "./parse.ts";
import { escapeXml } from "./write.ts";

type Scope = Readonly<Record<string, string>>;

/**
 * A form in which two documents that mean the same are the same text: the order of attributes, prefixes, comments, CDATA, and
 * white space where there is nothing else do not count. Namespaces do.
 *
 * @example
 * canonical("<a y='2' x='1'> <b/> </a>") === canonical('<a x="1" y="2"><b></b></a>'); // true
 */
export function canonical(document: string | XmlElement): string {
  const out: string[] = [];
  write(typeof document === "string" ? parseXml(document) : document, "", {}, out);
  return out.join("");
}

function write(one: XmlElement, around: string, outer: Scope, out: string[]): void {
  const taken = one.prefixes[""] === "";
  const namespace = taken ? "" : one.namespace || around;
  const scope = { ...outer, ...one.prefixes };
  out.push("<", one.name);
  if (namespace !== around) out.push(` xmlns="${escapeXml(namespace)}"`);
  const attributes = Object.entries(one.attributes).map(
    ([name, value]) => [resolved(name, scope), value] as const,
  );
  for (const [name, value] of attributes.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    out.push(` ${name}="${escapeXml(value)}"`);
  out.push(">");
  for (const part of one.content) {
    if (typeof part !== "string") write(part, namespace, scope, out);
    else if (part.trim() !== "") out.push(escapeXml(part, "text"));
  }
  out.push(`</${one.name}>`);
}

function resolved(name: string, scope: Scope): string {
  const colon = name.indexOf(":");
  const uri = colon < 0 ? undefined : scope[name.slice(0, colon)];
  return uri === undefined ? name : `{${uri}}${name.slice(colon + 1)}`;
}
