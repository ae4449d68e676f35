import { PyDict } from "../../../src/python/values/dict.ts";
import { equal } from "../../../src/python/values/equality.ts";
import { iterate } from "../../../src/python/values/iteration.ts";
import { str } from "../../../src/python/values/text.ts";
import { textArgument } from "./arguments.ts";
import { type FunctionCall, readCalls } from "./attributes.ts";
import type { Datum } from "./files.ts";
import { inputFunctions } from "./functions/input.ts";
import { loadStructure } from "./loaders/index.ts";
import type { Template } from "./template.ts";
import type { XmlElement } from "./xml-element.ts";

/** Attribute values: text from a tag, or any value from the data within it. */
type Attributes = Iterable<readonly [string, unknown]>;

/** An input of a template: its pieces of text, the groups that parse them, and functions that come first. */
export class Input {
  name: string;
  data: Datum[] = [];
  /** Indexes of the template's groups that parse this input. */
  groupIndexes: number[] = [];
  readonly functions: FunctionCall[] = [];
  /** What the text of the tag holds, read by its loader. */
  parameters: unknown = new PyDict();
  readonly #template: Template;
  #load = "python";
  #extensions: string[] = [];
  #filters: string[] = [];
  #urls: string[] = [];

  private constructor(name: string, template: Template) {
    this.name = name;
    this.#template = template;
  }

  /** The input of an `<input>` tag. */
  static fromTag(element: XmlElement, template: Template): Input {
    const input = new Input((element.get("name") ?? "Default_Input").trim(), template);
    const attributes = new Map<string, unknown>(element.attributes);
    if (!attributes.has("groups")) attributes.set("groups", ["all"]);
    if (!attributes.has("load")) attributes.set("load", "python");
    input.#readAttributes(attributes, element);
    if (input.#load === "text" && element.text !== null && element.text !== "") {
      input.data = [{ kind: "text", text: element.text }];
    } else {
      input.#loadUrls();
    }
    return input;
  }

  /** An input of given data, for the named groups or all. */
  static fromData(
    name: string,
    data: readonly Datum[],
    groups: readonly string[],
    template: Template,
  ): Input {
    const input = new Input(name, template);
    input.#readAttributes([["groups", groups]], undefined);
    input.addData(data);
    return input;
  }

  /** Adds data that is not there yet. */
  addData(data: readonly Datum[]): void {
    if (data.length === 0) this.#loadUrls();
    for (const datum of data)
      if (!this.data.some((present) => sameDatum(present, datum))) this.data.push(datum);
  }

  /** Adds groups of another input of this name. */
  addGroups(indexes: readonly number[]): void {
    this.groupIndexes = [...new Set([...this.groupIndexes, ...indexes])].toSorted((a, b) => a - b);
  }

  #readAttributes(attributes: Attributes, element: XmlElement | undefined): void {
    for (const [name, value] of [...attributes]) this.#attribute(name, value, element);
  }

  #attribute(name: string, value: unknown, element: XmlElement | undefined): void {
    switch (name.toLowerCase()) {
      case "name":
        this.name = textArgument(value, "an input's name").trim();
        return;
      case "load":
        this.#load = textArgument(value, "load").trim();
        if (this.#load !== "text" && element !== undefined) this.#readText(element);
        return;
      case "groups":
        this.#chooseGroups(names(value));
        return;
      case "extensions":
        this.#extensions = texts(value);
        return;
      case "filters":
        this.#filters = texts(value);
        return;
      case "url":
        this.#urls = texts(value);
        return;
      case "functions":
        this.functions.push(
          ...readCalls(textArgument(value, "functions")).filter((call) => this.#isKnown(call.name)),
        );
        return;
      case "extract_commands":
        this.functions.push({
          name: "extract_commands",
          args: names(value).filter((item) => item !== ""),
          kwargs: new Map(),
        });
        return;
      default:
        if (this.#isKnown(name)) this.functions.push(...readCalls(`${name}(${str(value)})`).slice(0, 1));
    }
  }

  #isKnown(name: string): boolean {
    return inputFunctions.has(name) || this.#template.runtime.options.custom.input.has(name);
  }

  /** Attributes may also be given as data in the tag's text. */
  #readText(element: XmlElement): void {
    const attributes = { ...Object.fromEntries(element.attributes), load: this.#load };
    const found = loadStructure(element.text, attributes, this.#template.loadContext);
    if (!(found instanceof PyDict) || found.size === 0) return;
    this.parameters = found;
    this.#readAttributes(
      [...found.items()].map(([key, value]) => [str(key), value] as const),
      undefined,
    );
  }

  /** Groups that name this input win; else the named groups, or all, that name no input. */
  #chooseGroups(wanted: readonly string[]): void {
    const { groups } = this.#template;
    const naming = groups.filter((group) => group.inputs.includes(this.name));
    const free = groups.filter(
      (group) => group.inputs.length === 0 && (wanted.includes("all") || wanted.includes(group.name)),
    );
    const chosen = naming.length > 0 ? naming : free;
    this.groupIndexes = [...new Set(chosen.map((group) => group.index))].toSorted((a, b) => a - b);
  }

  #loadUrls(): void {
    const { files } = this.#template.runtime.options;
    for (const url of this.#urls) {
      this.data.push(...files.find(this.#template.basePath + url, this.#extensions, this.#filters));
    }
  }
}

function names(value: unknown): string[] {
  if (typeof value === "string") return value.split(",").map((item) => item.trim());
  return [...iterate(value)].map(str);
}

function texts(value: unknown): string[] {
  return typeof value === "string" ? [value] : [...iterate(value)].map(str);
}

function sameDatum(a: Datum, b: Datum): boolean {
  if (a.kind === "text" && b.kind === "text") return a.text === b.text;
  if (a.kind === "file" && b.kind === "file") return a.path === b.path;
  return a.kind === "data" && b.kind === "data" && equal(a.value, b.value);
}
