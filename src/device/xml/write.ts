import type { XmlContent, XmlElement } from "./element.ts";

/**
 * Writes an element without white space of its own. Prefixes of elements become declarations of default namespaces; those of
 * attributes are kept with their declarations. White space between children is not written.
 *
 * @example
 * writeXml(element("rpc", { "message-id": "1" }, [element("lock")])); // <rpc message-id="1"><lock/></rpc>
 */
export function writeXml(root: XmlElement): string {
  const out: string[] = [];
  write(root, "", out);
  return out.join("");
}

function write(one: XmlElement, around: string, out: string[]): void {
  out.push("<", one.name);
  let inside = around;
  if (one.prefixes[""] === "") {
    inside = "";
    if (around !== "") out.push(' xmlns=""');
  } else if (one.namespace !== "" && one.namespace !== around) {
    inside = one.namespace;
    out.push(' xmlns="', escapeXml(inside), '"');
  }
  for (const [prefix, uri] of Object.entries(one.prefixes))
    if (prefix !== "") out.push(" xmlns:", prefix, '="', escapeXml(uri), '"');
  for (const [name, value] of Object.entries(one.attributes))
    out.push(" ", name, '="', escapeXml(value), '"');
  const content: readonly XmlContent[] = one.content;
  if (content.length === 0) {
    out.push("/>");
    return;
  }
  out.push(">");
  for (const part of content) {
    if (typeof part === "string") out.push(escapeXml(part, "text"));
    else write(part, inside, out);
  }
  out.push("</", one.name, ">");
}

const special = /[&<>"\r\n\t]/g;
const inAttribute: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Makes text safe to stand in an attribute's value or, with `text`, between tags (where quotes, tabs and line feeds stay). */
export function escapeXml(text: string, where: "attribute" | "text" = "attribute"): string {
  return text.replace(special, (character) =>
    where === "text" && '"\n\t'.includes(character) ? character : (inAttribute[character] ?? character),
  );
}
