import { PyDict } from "../../../src/python/values/dict.ts";
import { typeError } from "../../../src/python/values/python-error.ts";
import { splitLines } from "../../../src/python/values/unicode.ts";
import { textArgument } from "./arguments.ts";
import { type FunctionCall, readCalls } from "./attributes.ts";
import { deepCopy } from "./copy.ts";
import { MatchVariable, type SaveAction } from "./match-variable.ts";
import type { Output } from "./output.ts";
import { LineRegex } from "./regex.ts";
import type { XmlElement } from "./xml-element.ts";

/** A line of a group: what it matches and what a match does. */
export interface GroupLine {
  /** Undefined for the line that stands for a group without lines. */
  readonly regex: LineRegex | undefined;
  readonly variables: ReadonlyMap<string, MatchVariable>;
  action: SaveAction;
  readonly group: Group;
  readonly isLine: boolean;
}

/** What groups of one template share. */
export interface GroupContext {
  readonly pathSeparator: string;
  readonly vars: PyDict;
  /** Names of the group functions that exist. */
  readonly knownFunctions: (name: string) => boolean;
}

/** Identifies a group: its path and its index among its siblings. Groups of equal path and index are one to TTP. */
export type GroupId = string;

interface GroupPlace {
  readonly top: boolean;
  readonly index: number;
  readonly path: readonly string[];
  readonly parentId: GroupId | undefined;
}

/** A group of a template: lines that start it, belong to it and end it, and groups within it. */
export class Group {
  readonly context: GroupContext;
  readonly top: boolean;
  readonly index: number;
  readonly parentId: GroupId | undefined;
  path: string[];
  /** The path as dotted text: where its results go. */
  name = "";
  id: GroupId = "";
  /** The name part of the id: what a child's name starts with. */
  idName = "";
  readonly defaults = new PyDict();
  /** The defaults of the run that is on: names of variables in them have been replaced by values. */
  runs = new PyDict();
  /** Default of every variable: text, or the name of a dictionary of defaults; undefined when not given. */
  default: unknown;
  startsByDefault = false;
  /** Names of outputs at first, the outputs once the template has found them. */
  outputs: (string | Output)[] = [];
  inputs: string[] = [];
  readonly functions: FunctionCall[] = [];
  method = "group";
  readonly startLines: GroupLine[] = [];
  readonly endLines: GroupLine[] = [];
  readonly lines: GroupLine[] = [];
  readonly children: Group[] = [];
  /** Stands in the results for a group that has defaults and no line. */
  readonly defaultLine: GroupLine;

  constructor(element: XmlElement, context: GroupContext, place: GroupPlace) {
    this.context = context;
    this.top = place.top;
    this.index = place.index;
    this.parentId = place.parentId;
    this.path = [...place.path];
    this.defaultLine = {
      regex: undefined,
      variables: new Map(),
      action: "start",
      group: this,
      isLine: false,
    };
    for (const [name, value] of element.attributes) this.#attribute(name, value);
    if (this.name === "") this.#nameAnonymous();
    this.#addLines(element.text, false);
    this.#addChildren(element.children);
  }

  get vars(): PyDict {
    return this.context.vars;
  }

  #attribute(name: string, value: string): void {
    switch (name.toLowerCase()) {
      case "method":
        this.method = value.toLowerCase().trim();
        return;
      case "input":
        if (this.top) this.inputs = value.split(",").map((item) => item.trim());
        return;
      case "output":
        if (this.top) this.outputs = value.split(",").map((item) => item.trim());
        return;
      case "name":
        this.#setName(value);
        return;
      case "default":
        this.default = this.vars.has(value) ? this.vars.get(value) : value;
        return;
      case "chain":
      case "functions":
        this.#addChain(value);
        return;
      default:
        this.functions.push(onlyCall(`${name}(${value})`));
    }
  }

  #setName(value: string): void {
    const separator = this.context.pathSeparator;
    if (!value.startsWith("/")) {
      this.path = [...this.path, ...split(value, separator)];
    } else if (this.path.includes("_anonymous_")) {
      this.path = ["_anonymous_*", ...split(value.replace(/^\/+/, ""), separator)];
    } else if (value === "/") {
      this.path = ["_anonymous_*"];
    } else {
      this.path = split(value.replace(/^\/+/, ""), separator);
    }
    this.name = this.path.join(".");
    this.#setId(this.name);
  }

  #nameAnonymous(): void {
    if (this.top) this.path = ["_anonymous_*"];
    this.name = this.path.join(".");
    this.#setId(`${this.name}._anonymous_`);
  }

  #setId(name: string): void {
    this.idName = name;
    this.id = `${name}\0${this.index}`;
  }

  /** Functions from a template variable of that name, or from the text itself. Unknown ones are left out, as in TTP. */
  #addChain(nameOrText: string): void {
    const value = this.vars.has(nameOrText) ? this.vars.get(nameOrText) : nameOrText;
    const sources = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      for (const call of readCalls(textArgument(source, "a chain item"))) {
        if (this.context.knownFunctions(call.name)) this.functions.push(call);
      }
    }
  }

  #addLines(text: string | null, tail: boolean): void {
    if (text === null) throw typeError("a group has no text");
    const lines = splitLines(text)
      .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("##"))
      .map((line) => line.trimEnd())
      .map((line) => ({ line, variables: [...line.matchAll(/\{\{([\S\s]+?)\}\}/g)].map((m) => m[1] ?? "") }))
      .filter(({ variables }) => variables.length > 0)
      .map(({ line, variables }) => this.#compile(line, variables))
      .filter((line) => line !== undefined);
    for (const [index, line] of lines.entries()) this.#addLine(line, tail ? -1 : index);
    if (this.default instanceof PyDict) {
      for (const [key, value] of this.default.items()) this.defaults.set(key, value);
      if (this.startLines.length === 0) this.startsByDefault = true;
    }
    this.startsByDefault ||= this.startLines.some((line) =>
      [...line.variables.keys()].some((name) => this.defaults.has(name)),
    );
  }

  #compile(line: string, sources: readonly string[]): GroupLine | undefined {
    const variables = new Map<string, MatchVariable>();
    let regex = "";
    let action: SaveAction = "add";
    let isLine = false;
    let skip = false;
    for (const source of sources) {
      const variable = new MatchVariable(source, line, this);
      if (variable.skipsLine) {
        skip = true;
        continue;
      }
      if (!variable.ignored) {
        variables.set(variable.groupName, variable);
        variables.set(variable.name, variable);
      }
      regex = variable.formRegex(regex);
      for (const [name, column] of variable.columns) variables.set(name, column);
      isLine ||= variable.isLine;
      if (!action.includes("start") && variable.groupName !== "ignore") action = variable.action;
    }
    return skip ? undefined : { regex: LineRegex.of(regex), variables, action, group: this, isLine };
  }

  /** The first line starts the group, in a table every line; `index` is -1 for lines behind a child group. */
  #addLine(line: GroupLine, index: number): void {
    if (line.action === "end") {
      this.endLines.push(line);
    } else if (index === -1) {
      this.lines.push(line);
    } else if (index === 0 || this.method === "table") {
      if (!line.action.startsWith("start")) line.action = "start";
      this.startLines.push(line);
    } else if (line.action.startsWith("start")) {
      this.startLines.push(line);
    } else {
      this.lines.push(line);
    }
  }

  #addChildren(elements: readonly XmlElement[]): void {
    for (const [index, element] of elements.entries()) {
      const place = { top: false, index, path: this.path, parentId: this.id };
      this.children.push(new Group(element, this.context, place));
      if (element.tail === null) throw typeError("the text behind a group is missing");
      if (element.tail.trim() !== "") this.#addLines(element.tail, true);
    }
  }

  /** Sets the defaults of a new run, here and in all groups within. */
  startRun(): void {
    this.runs = this.defaults.size === 0 ? new PyDict() : (deepCopy(this.defaults) as PyDict);
    for (const child of this.children) child.startRun();
  }

  /** Replaces defaults that are names in `values` by the values. */
  updateRun(values: PyDict): void {
    if (this.runs.size > 0) {
      for (const [name, value] of values.items()) {
        for (const [key, current] of this.runs.items()) {
          if (current === name) this.runs.set(key, value);
        }
      }
    }
    for (const child of this.children) child.updateRun(values);
  }
}

function split(path: string, separator: string): string[] {
  return path.split(separator);
}

function onlyCall(text: string): FunctionCall {
  const [call] = readCalls(text);
  if (call === undefined) throw typeError(`'${text}' is no function`);
  return call;
}
