import { ttpErrors } from "../../../src/errors/ttp.ts";
import type { FileLoader } from "./files.ts";
import { XmlElement } from "./xml-element.ts";
import { parseXml, XmlParseError } from "./xml-parser.ts";

const GROUP_TAGS = ["g", "grp", "group"];

/** Tags of an extended template that an attribute of `<extend>` chooses among, by name. */
const FILTERS: readonly { readonly attribute: string; readonly tags: readonly string[] }[] = [
  { attribute: "inputs", tags: ["i", "in", "input"] },
  { attribute: "vars", tags: ["v", "vars", "variables"] },
  { attribute: "groups", tags: GROUP_TAGS },
  { attribute: "lookups", tags: ["lookup"] },
  { attribute: "outputs", tags: ["o", "out", "output"] },
];

/** Templates within templates beyond this are refused: they extend each other in a circle. */
const MAX_DEPTH = 20;

interface ExtendContext {
  readonly files: FileLoader;
  /** Runs the macro of an `<extend>` over the text, where there is one of that name. */
  readonly macro: (name: string, text: string) => string;
  readonly spendText: (length: number) => void;
}

/** Reads a template's text into a `<template>` element: a text without one is wrapped, one without tags is an anonymous group. */
export function templateElement(text: string): XmlElement {
  const root = rootOrWrapped(text);
  if (root.children.length > 0) return root;
  return parseXml(`<template><group name="_anonymous_">\n${text}\n</group></template>`);
}

function rootOrWrapped(text: string): XmlElement {
  // A text that begins otherwise is wrapped whether it is well-formed or not.
  if (!TEMPLATE_FIRST.test(text)) return parseXml(`<template>\n${text}\n</template>`);
  try {
    const root = parseXml(text);
    if (root.tag.toLowerCase() === "template") return root;
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
  }
  return parseXml(`<template>\n${text}\n</template>`);
}

/** Nothing but what XML allows before the root stands before the tag. */
const TEMPLATE_FIRST = /^(?:\s|<!--(?:(?!-->)[\s\S])*-->|<(?:\?|!(?!--))[^>]*>)*<template/i;

/** Replaces all `<extend>` tags, also those within groups, by what they name. Gives the element to load. */
export function extendTemplate(root: XmlElement, context: ExtendContext): XmlElement {
  extendChildren(root, root.children, true, 0, context);
  if (root.children.length > 0) return root;
  // What is left is text only: TTP reads its markup again, as the text of an anonymous group.
  const group = new XmlElement("group", [["name", "_anonymous_"]]);
  group.text = "\n";
  root.tail = "\n";
  group.children.push(root);
  const wrapped = new XmlElement("template");
  wrapped.children.push(group);
  return wrapped;
}

/** `parent` is undefined for a list of tags that came in by another `<extend>`. */
function extendChildren(
  parent: XmlElement | undefined,
  children: XmlElement[],
  top: boolean,
  depth: number,
  context: ExtendContext,
): void {
  if (depth > MAX_DEPTH) {
    throw ttpErrors.TtpTemplateInvalid({ what: `templates extend each other more than ${MAX_DEPTH} times` });
  }
  // The list grows and shrinks meanwhile; TTP goes on by index.
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index];
    if (child?.tag === "extend") extendOne(child, index, parent, children, top, depth, context);
    else if (child?.tag === "group") extendChildren(child, child.children, false, depth, context);
  }
}

function extendOne(
  tag: XmlElement,
  index: number,
  parent: XmlElement | undefined,
  children: XmlElement[],
  top: boolean,
  depth: number,
  context: ExtendContext,
): void {
  const text = extendedText(tag, context);
  const extended = templateElement(text);
  const only = extended.children.length === 1 ? extended.children[0] : undefined;
  if (only !== undefined && only.get("name") === "_anonymous_") {
    if (parent !== undefined) parent.text = (parent.text ?? "") + (only.text ?? "");
    children.splice(index, 1);
  } else if (top && extended.tag === "template" && (extended.get("name") ?? "") !== "") {
    children.splice(index, 1, ...parseXml(`<template>\n${text}\n</template>`).children);
  } else {
    const chosen = top ? chooseTop(extended, tag) : chooseNested(extended, tag);
    extendChildren(chosen === extended.children ? extended : undefined, chosen, false, depth + 1, context);
    children.splice(index, 1, ...chosen);
  }
}

function extendedText(tag: XmlElement, { files, macro, spendText }: ExtendContext): string {
  const path = tag.get("template") ?? "";
  const text = files.template(path);
  if (text === path)
    throw ttpErrors.TtpTemplateInvalid({ what: `extend cannot load a template from '${path}'` });
  spendText(text.length);
  const name = tag.get("macro");
  return name === undefined ? text : macro(name, text);
}

function chooseTop(extended: XmlElement, tag: XmlElement): XmlElement[] {
  if (tag.attributes.size === 1) return extended.children;
  let groupIndex = -1;
  return extended.children.filter((child) => {
    const filter = FILTERS.find(
      ({ attribute, tags }) => tags.includes(child.tag) && names(tag, attribute).length > 0,
    );
    if (filter === undefined) return true;
    const wanted = names(tag, filter.attribute);
    if (filter.attribute === "groups") groupIndex += 1;
    const name = child.get("name");
    return (
      (name !== undefined && wanted.includes(name)) ||
      (filter.attribute === "groups" && wanted.includes(String(groupIndex)))
    );
  });
}

/** Within a group only groups and further extend tags come in. */
function chooseNested(extended: XmlElement, tag: XmlElement): XmlElement[] {
  const wanted = names(tag, "groups");
  let groupIndex = -1;
  return extended.children.filter((child) => {
    if (child.tag === "extend") return true;
    if (!GROUP_TAGS.includes(child.tag)) return false;
    if (wanted.length === 0) return true;
    groupIndex += 1;
    return wanted.includes(child.get("name") ?? "") || wanted.includes(String(groupIndex));
  });
}

function names(tag: XmlElement, attribute: string): string[] {
  return (tag.get(attribute) ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
