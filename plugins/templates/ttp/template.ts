import { pluginErrors } from "../../../src/errors/plugin.ts";
import { ttpErrors } from "../../../src/errors/ttp.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { contains } from "../../../src/python/values/iteration.ts";
import { attributeError } from "../../../src/python/values/python-error.ts";
import { truth } from "../../../src/python/values/truth.ts";
import { extendTemplate, templateElement } from "./extend.ts";
import type { Datum } from "./files.ts";
import { GETTERS } from "./getters.ts";
import { Group } from "./group.ts";
import { Input } from "./input.ts";
import { type LoadAttributes, loadStructure } from "./loaders/index.ts";
import { MacroSet } from "./macros.ts";
import { Output } from "./output.ts";
import type { Runtime } from "./runtime.ts";
import type { XmlElement } from "./xml-element.ts";
import { serialize } from "./xml-element.ts";

export interface TemplateOptions {
  readonly name: string;
  readonly basePath: string;
  /** Variables that the program gives to every template. */
  readonly vars: PyDict;
  /** Names of templates to load; empty for all. */
  readonly filters: readonly string[];
}

/** Names that tags go by. */
const TAGS: Readonly<
  Record<string, "vars" | "group" | "output" | "input" | "lookup" | "template" | "macro" | "doc">
> = {
  v: "vars",
  vars: "vars",
  variables: "vars",
  g: "group",
  grp: "group",
  group: "group",
  o: "output",
  out: "output",
  output: "output",
  i: "input",
  in: "input",
  input: "input",
  lookup: "lookup",
  template: "template",
  macro: "macro",
  doc: "doc",
};

/** One `<template>`: its variables, groups, inputs, look-up tables, outputs and macros, and its results. */
export class Template {
  readonly runtime: Runtime;
  name: string;
  basePath: string;
  /** `per_input` or `per_template`. */
  resultsMethod = "per_input";
  pathSeparator = ".";
  readonly vars = new PyDict();
  /** Variables that go into the results, by their path there. */
  readonly varsToResults = new PyDict();
  /** Variables that a getter fills in for each input, by name. */
  readonly varGetters = new Map<unknown, string>();
  readonly lookups = new PyDict();
  readonly groups: Group[] = [];
  readonly inputs = new Map<string, Input>();
  outputs: Output[] = [];
  readonly templates: Template[] = [];
  readonly macros: MacroSet;
  documentation = "";
  results: unknown = [];
  readonly #options: TemplateOptions;
  readonly #element: XmlElement;
  readonly #groupOutputs: Output[] = [];

  constructor(source: string | XmlElement, options: TemplateOptions, runtime: Runtime) {
    this.runtime = runtime;
    this.#options = options;
    this.name = options.name;
    this.basePath = options.basePath;
    this.macros = new MacroSet(runtime.options.custom.macro, runtime.options.macroHost);
    for (const [key, value] of options.vars.items()) this.vars.set(key, value);
    this.#element = this.#extended(
      typeof source === "string" ? templateElement(source) : childElement(source),
    );
    this.#loadElement();
    this.#addGroupInputs();
    this.#connectGroupOutputs();
    this.#separateGetters();
  }

  /** The template's text after `<extend>` tags were replaced. */
  get text(): string {
    return serialize(this.#element);
  }

  get loadContext(): { files: Runtime["options"]["files"]; warn: (message: string) => void } {
    return { files: this.runtime.options.files, warn: (message) => this.runtime.warn(message) };
  }

  addLookup(name: string, value: unknown): void {
    this.lookups.set(name, value);
    for (const template of this.templates) template.addLookup(name, value);
  }

  addVars(vars: PyDict): void {
    for (const [key, value] of vars.items()) this.vars.set(key, value);
    for (const template of this.templates) template.addVars(vars);
  }

  /** Adds data to the input of that name, which is made where it does not exist. */
  addInput(name: string, data: readonly Datum[], groups: readonly string[]): void {
    this.#mergeInput(Input.fromData(name, data, groups, this));
  }

  /** Adds the results of an input; those of anonymous groups stand beside the others, not below a name. */
  formResults(result: unknown): void {
    let datum = result;
    if (contains(result, "_anonymous_") && result instanceof PyDict) {
      datum = result.get("_anonymous_");
      result.delete("_anonymous_");
      if (truth(result)) {
        if (!Array.isArray(datum)) throw attributeError("the results of the anonymous group are no list");
        datum.push(result);
      }
    }
    if (this.resultsMethod === "per_template") this.results = datum;
    else if (this.resultsMethod === "per_input") (this.results as unknown[]).push(datum);
  }

  /** Passes the results through the template's outputs. */
  runOutputs(): void {
    for (const output of this.outputs) this.results = output.run(this.results, this.macros, this.runtime);
  }

  #extended(root: XmlElement): XmlElement {
    for (const child of root.children) if (child.tag === "macro") this.#addMacro(child);
    return extendTemplate(root, {
      files: this.runtime.options.files,
      macro: (name, text) => this.#extendMacro(name, text),
      spendText: (length) => this.runtime.spendTemplateText(length),
    });
  }

  #extendMacro(name: string, text: string): string {
    if (!this.macros.has(name)) return text;
    const result = this.macros.call(name, text, this.runtime);
    if (typeof result !== "string")
      throw ttpErrors.TtpMacroFailed({ macro: name, why: "it must return the text of a template" });
    return result;
  }

  #loadElement(): void {
    const { attributes, children } = this.#element;
    this.name = attributes.get("name") ?? this.name;
    this.basePath = attributes.get("base_path") ?? this.basePath;
    this.resultsMethod = attributes.get("results") ?? this.resultsMethod;
    this.pathSeparator = attributes.get("pathchar") ?? this.pathSeparator;
    const { filters } = this.#options;
    if (filters.length > 0 && !filters.includes(this.name)) return;
    const ofKind = (kind: string): XmlElement[] => children.filter((child) => tagKind(child) === kind);
    for (const child of children)
      if (tagKind(child) === undefined) this.runtime.warn(`there is no tag '${child.tag}'`);
    for (const child of ofKind("macro")) this.#addMacro(child);
    for (const child of ofKind("doc")) this.documentation += `${child.text ?? ""}\n`;
    this.#loadChildren(children, filters);
    for (const child of ofKind("vars")) this.#loadVars(child);
    for (const child of ofKind("output")) this.outputs.push(Output.fromTag(child, this));
    for (const child of ofKind("lookup")) this.#loadLookup(child);
    for (const [index, child] of ofKind("group").entries()) this.#addGroup(child, index);
    // Inputs choose among the groups, so they come last.
    for (const child of ofKind("input")) this.#mergeInput(Input.fromTag(child, this));
  }

  #loadChildren(children: readonly XmlElement[], filters: readonly string[]): void {
    for (const [index, child] of children.filter((item) => tagKind(item) === "template").entries()) {
      if (filters.length > 0 && !filters.includes(child.get("name") ?? "")) continue;
      const options = { ...this.#options, name: String(index), basePath: this.basePath, filters: [] };
      this.templates.push(new Template(child, options, this.runtime));
    }
  }

  #addMacro(element: XmlElement): void {
    if (element.text !== null) this.macros.addSource(element.text);
  }

  #addGroup(element: XmlElement, index: number): void {
    const context = {
      pathSeparator: this.pathSeparator,
      vars: this.vars,
      knownFunctions: (name: string) => {
        const known = this.runtime.groupFunction(name) !== undefined;
        if (!known) this.runtime.warn(`there is no group function '${name}'`);
        return known;
      },
    };
    this.groups.push(new Group(element, context, { top: true, index, path: [], parentId: undefined }));
  }

  #loadVars(element: XmlElement): void {
    const vars = loadStructure(element.text, loadAttributes(element), this.loadContext);
    const path = element.get("name");
    if (vars instanceof PyDict) {
      for (const [key, value] of vars.items()) this.vars.set(key, value);
    } else if (path !== undefined) {
      throw ttpErrors.TtpTemplateInvalid({ what: `vars '${path}' hold no names` });
    }
    if (path === undefined || !(vars instanceof PyDict)) return;
    const names = (this.varsToResults.get(path) as unknown[] | undefined) ?? [];
    names.push(...vars.keys());
    this.varsToResults.set(path, names);
  }

  #loadLookup(element: XmlElement): void {
    const name = element.get("name");
    if (name === undefined) {
      this.runtime.warn("a lookup without a name is left out");
      return;
    }
    if ((element.get("database") ?? "").toLowerCase() === "geoip2") {
      throw pluginErrors.Unsupported({ what: `The GeoIP database of lookup ${name}` });
    }
    const value = loadStructure(element.text, loadAttributes(element), this.loadContext);
    if (value !== undefined) this.lookups.set(name, value);
  }

  #mergeInput(input: Input): void {
    const present = this.inputs.get(input.name);
    if (present === undefined) {
      this.inputs.set(input.name, input);
    } else {
      present.addData(input.data);
      present.addGroups(input.groupIndexes);
    }
  }

  /** A group's `input` may be a path instead of the name of an input. */
  #addGroupInputs(): void {
    for (const group of this.groups) {
      for (const name of group.inputs) {
        if (this.inputs.has(name)) continue;
        const data = this.runtime.options.files
          .find(this.basePath + name)
          .filter((datum) => datum.kind !== "text");
        this.addInput(name, data, ["all"]);
      }
    }
  }

  /** Outputs that groups name run on those groups' results only. */
  #connectGroupOutputs(): void {
    for (const group of this.groups) {
      group.outputs = group.outputs.flatMap((name) => {
        const index = this.outputs.findIndex((output) => output.name === name);
        if (index !== -1) this.#groupOutputs.push(...this.outputs.splice(index, 1));
        const output = this.#groupOutputs.findLast((item) => item.name === name);
        if (output === undefined)
          this.runtime.warn(`group '${group.name}': there is no output '${String(name)}'`);
        return output === undefined ? [] : [output];
      });
    }
  }

  #separateGetters(): void {
    for (const [name, value] of [...this.vars.items()]) {
      if (typeof value !== "string" || !Object.hasOwn(GETTERS, value)) continue;
      this.varGetters.set(name, value);
      this.vars.delete(name);
    }
  }
}

function tagKind(element: XmlElement): string | undefined {
  const tag = element.tag.toLowerCase();
  return Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
}

function loadAttributes(element: XmlElement): LoadAttributes {
  return { load: element.get("load"), include: element.get("include"), key: element.get("key") };
}

/** A template within a template must have tags of its own and no text behind it; TTP fails on others. */
function childElement(element: XmlElement): XmlElement {
  if (element.children.length === 0 || (element.tail ?? "").trim() !== "") {
    const name = element.get("name") ?? "";
    throw ttpErrors.TtpTemplateInvalid({
      what: `the inner template '${name}' has no tags, or text stands behind it`,
    });
  }
  return element;
}
