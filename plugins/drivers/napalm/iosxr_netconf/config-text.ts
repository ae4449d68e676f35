import { escapeXml, XmlElement } from "../../../../src/device/xml/index.ts";

/**
 * A configuration of the models as text, an element a line, so that it can be compared. Models that say the same in other words are
 * left out: those that the router does not list for configuration or, where it lists none, OpenConfig's.
 */
export function configText(data: XmlElement, models: readonly string[]): string {
  const listed = new Set(models);
  const isWanted = ({ namespace }: XmlElement) =>
    listed.size > 0 ? listed.has(namespace) : !namespace.startsWith("http://openconfig.net/yang");
  const { name, namespace, attributes } = data;
  const wanted = new XmlElement(name, { namespace, attributes, children: data.children.filter(isWanted) });
  const lines: string[] = [];
  write(wanted, "", "", lines);
  return `${lines.join("\n")}\n`;
}

function write(one: XmlElement, around: string, indent: string, lines: string[]): void {
  const { name, namespace, attributes, children } = one;
  const declared = namespace === around ? "" : ` xmlns="${escapeXml(namespace)}"`;
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `${indent}<${name}${declared}${given.join("")}`;
  if (children.length > 0) {
    lines.push(`${start}>`);
    for (const child of children) write(child, namespace, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  } else if (one.text === "") lines.push(`${start}/>`);
  else lines.push(`${start}>${escapeXml(one.text, "text")}</${name}>`);
}
