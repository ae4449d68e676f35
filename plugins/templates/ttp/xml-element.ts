/** One element of a template's markup: its text is what stands before the first child, its tail what follows its end. */
export class XmlElement {
  readonly tag: string;
  readonly attributes: Map<string, string>;
  text: string | null = null;
  tail: string | null = null;
  children: XmlElement[] = [];

  constructor(tag: string, attributes: Iterable<readonly [string, string]> = []) {
    this.tag = tag;
    this.attributes = new Map(attributes);
  }

  get(name: string): string | undefined {
    return this.attributes.get(name);
  }
}

/** The markup of an element without its tail, ASCII only: other characters become numeric references. */
export function serialize(element: XmlElement): string {
  const attributes = [...element.attributes]
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join("");
  if (element.text === null && element.children.length === 0) return `<${element.tag}${attributes} />`;
  const children = element.children.map((child) => serialize(child) + escapeText(child.tail ?? "")).join("");
  return `<${element.tag}${attributes}>${escapeText(element.text ?? "")}${children}</${element.tag}>`;
}

function escapeText(text: string): string {
  return ascii(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
}

function escapeAttribute(value: string): string {
  const marked = value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return ascii(marked.replaceAll("\r", "&#13;").replaceAll("\n", "&#10;").replaceAll("\t", "&#09;"));
}

function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => `&#${char.codePointAt(0)};`);
}
