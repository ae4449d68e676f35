import { escapeXml, XmlElement } from "../../../../src/device/xml/index.ts";

/** A configuration of the models as text, an element a line, so that it can be compared. */
export function configText(data: XmlElement): string {
  const { name, namespace, attributes } = data;
  const own = new XmlElement(name, { namespace, attributes, children: data.children.filter(isOwnModel) });
  const lines: string[] = [];
  write(own, "", "", lines);
  return `${lines.join("\n")}\n`;
}

/** Whether it is of a model of the router's own; OpenConfig's say the same in other words. */
export function isOwnModel({ namespace }: XmlElement): boolean {
  return !namespace.startsWith("http://openconfig.net/yang");
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
