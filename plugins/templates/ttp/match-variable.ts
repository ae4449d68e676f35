import { escape as escapeRegex } from "../../../src/python/re/index.ts";
import { requireArgument, textArgument } from "./arguments.ts";
import { type FunctionCall, readCalls } from "./attributes.ts";
import type { Group } from "./group.ts";
import { headersRegex } from "./headers.ts";
import { namedPattern, WORD } from "./patterns.ts";

/** What a match of a line does to the results. */
export type SaveAction = "add" | "join" | "start" | "startempty" | "end";

/** The end of a line of input: trailing blanks, then a line end that is not consumed. */
const LINE_END = "[\\t ]*(?=\\n|\\r\\n)";

/** Names that stand for indicators and so have no default value. */
const NO_DEFAULTS = new Set(["_end_", "_line_", "ignore", "_start_"]);

/** Functions whose arguments may be names of template variables. */
const ARGUMENTS_FROM_VARIABLES = new Set([
  "contains_re",
  "startswith_re",
  "endswith_re",
  "notstartswith_re",
  "notendswith_re",
  "exclude_re",
  "exclude",
  "contains",
  "equal",
  "notequal",
  "sformat",
]);

const INDICATORS_WITHOUT_EFFECT_HERE = new Set(["_exact_", "_exact_space_", "columns"]);

/** One `{{ name | function | ... }}` of a template line. */
export class MatchVariable {
  /** The name as it stands in the template: the key in the results. */
  readonly name: string;
  /** The name as a regular expression group: every other character became an underscore. */
  readonly groupName: string;
  /** Functions that a matched value passes through, in order. */
  readonly functions: FunctionCall[] = [];
  action: SaveAction = "add";
  isLine = false;
  /** `ignore`: matched, but not kept. */
  ignored = false;
  /** `set` on a line of its own: gives a default, matches nothing. */
  skipsLine = false;
  /** Variables that `_headers_` makes of a table's headings, by name. */
  readonly columns: ReadonlyMap<string, MatchVariable>;

  readonly #source: string;
  readonly #line: string;
  readonly #group: Group;
  readonly #head: FunctionCall;
  readonly #calls: readonly FunctionCall[];
  readonly #patterns: string[] = [];

  /** `source` is the text between the braces, `line` the whole line of the template. */
  constructor(source: string, line: string, group: Group) {
    const [head, ...calls] = readCalls(source);
    if (head === undefined) throw new RangeError(`a match variable has no name in '${line}'`);
    this.#source = source;
    this.#line = line;
    this.#group = group;
    this.#head = head;
    this.#calls = calls;
    this.name = head.name;
    this.groupName = head.name.replace(/[^\p{L}\p{N}_]+|^(?=\p{Nd})/gu, "_");
    if (typeof group.default === "string" && !group.defaults.has(this.name) && !NO_DEFAULTS.has(this.name)) {
      group.defaults.set(this.name, group.default);
    }
    this.#extract(this.groupName, head, () => undefined);
    for (const call of calls) this.#extract(call.name, call, () => this.#patternOrFunction(call));
    this.columns = this.groupName === "_headers_" ? this.#columnVariables() : new Map();
  }

  /** Notes what a function means for the line; what is no indicator goes to `otherwise`. */
  #extract(name: string, call: FunctionCall, otherwise: () => void): void {
    switch (name) {
      case "ignore":
        this.ignored = true;
        return;
      case "_start_":
        this.action = this.groupName === "_start_" ? "startempty" : "start";
        return;
      case "_headers_":
        this.action = "start";
        return;
      case "_end_":
        this.action = "end";
        return;
      case "_line_":
        this.action = "join";
        this.isLine = true;
        this.#usePattern(call);
        return;
      case "joinmatches":
        this.functions.push(call);
        this.action = "join";
        return;
      case "re":
        this.#usePattern(call);
        return;
      case "chain":
        this.#useChain(call);
        return;
      case "set":
        this.#useSet(call);
        return;
      case "default":
        if (!NO_DEFAULTS.has(this.name)) {
          this.#group.defaults.set(this.name, call.args.length === 1 ? call.args[0] : "None");
        }
        return;
      default:
        if (INDICATORS_WITHOUT_EFFECT_HERE.has(name)) return;
        if (ARGUMENTS_FROM_VARIABLES.has(name)) {
          call.args = call.args.map((value) => this.#fromVariables(value));
          this.functions.push(call);
        } else {
          otherwise();
        }
    }
  }

  #patternOrFunction(call: FunctionCall): void {
    if (namedPattern(call.name) === undefined) this.functions.push(call);
    else this.#usePattern(call);
  }

  #fromVariables(value: unknown): unknown {
    const vars = this.#group.vars;
    return vars.has(value) ? vars.get(value) : value;
  }

  #usePattern(call: FunctionCall): void {
    this.#patterns.push(this.#patternText(call.args.length > 0 ? call.args[0] : call.name));
  }

  /** A pattern given by a template variable, by one of TTP's names, or as it is. */
  #patternText(pattern: unknown): string {
    const fromVariable = this.#group.vars.get(pattern);
    if (fromVariable) return textArgument(fromVariable, "a pattern");
    const text = textArgument(pattern, "a pattern");
    return namedPattern(text) ?? text;
  }

  #useChain(call: FunctionCall): void {
    const value = this.#group.vars.get(requireArgument(call, 0));
    if (value === undefined || value === null) return;
    const sources = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
    for (const source of sources) {
      for (const item of readCalls(textArgument(source, "a chain item"))) {
        this.#extract(item.name, item, () => this.#patternOrFunction(item));
      }
    }
  }

  #useSet(call: FunctionCall): void {
    const rest = this.#line.replace(/\{\{[\S\s]+?\}\}/g, "").trimEnd();
    if (rest !== "") {
      call.kwargs.set("match_line", `\n${rest}`);
      this.functions.push(call);
    } else {
      this.#group.defaults.set(this.name, requireArgument(call, 0));
      this.skipsLine = true;
    }
  }

  #columnVariables(): Map<string, MatchVariable> {
    const { names } = headersRegex(this.#headerLine(), this.#calls);
    return new Map(
      names.map((name) => [name, new MatchVariable(`${name} | strip | exclude(${name})`, "", this.#group)]),
    );
  }

  #headerLine(): string {
    const at = this.#line.indexOf(`{{${this.#source}}}`);
    return this.#line.slice(0, at).trimEnd();
  }

  /** The line's regular expression so far with this variable put in; `""` starts a line. */
  formRegex(soFar: string): string {
    const variable = `{{${this.#source}}}`;
    let regex = soFar === "" ? lineRegex(this.#line) : soFar;
    if (this.groupName === "ignore") regex = this.#ignoreRegex(regex, variable);
    else if (this.groupName === "_headers_") regex = headersRegex(this.#headerLine(), this.#calls).regex;
    else if (this.groupName === "_start_" || this.groupName === "_end_") regex = cutAt(regex, variable);
    for (const call of this.functions) if (call.name === "set") regex = cutAt(regex, variable);
    if (this.#patterns.length === 0) this.#patterns.push(WORD);
    if (this.groupName === "ignore") return regex;
    return replaceOnce(regex, variable, `(?P<${this.groupName}>(?:${this.#patterns.join(")|(?:")}))`);
  }

  #ignoreRegex(regex: string, variable: string): string {
    const { args } = this.#head;
    if (args.length === 0) return replaceOnce(regex, variable, WORD);
    if (args.length > 1) return regex;
    return replaceOnce(regex, variable, `(?:${this.#patternText(args[0])})`);
  }
}

/** The line with everything but its variables escaped; blanks match any blanks, digits any digits. */
function lineRegex(line: string): string {
  const body = line.trimStart();
  const indent = line.slice(0, line.length - body.length);
  const anyBlanks = !line.includes("_exact_space_");
  const anyDigits = !line.includes("_exact_");
  let regex = "";
  let from = 0;
  const literal = (text: string): string => {
    let escaped = escapeRegex(text);
    if (anyBlanks) escaped = escaped.replace(/(?:\\ |\\\t)+/g, "[ \\t]+");
    if (anyDigits) escaped = escaped.replace(/\p{Nd}+/gu, "\\d+");
    return escaped;
  };
  for (const variable of body.matchAll(/\{\{[\S\s]+?\}\}/g)) {
    regex += literal(body.slice(from, variable.index)) + variable[0];
    from = variable.index + variable[0].length;
  }
  regex += literal(body.slice(from));
  return `\\n${indent}${regex}${LINE_END}`;
}

/** `_start_`, `_end_` and `set` match the line up to where they stand. */
function cutAt(regex: string, variable: string): string {
  const at = regex.indexOf(variable);
  return at === -1 ? regex : regex.slice(0, at).replace(/\[ \\t\]\+$/, "") + LINE_END;
}

function replaceOnce(text: string, old: string, replacement: string): string {
  const at = text.indexOf(old);
  return at === -1 ? text : text.slice(0, at) + replacement + text.slice(at + old.length);
}
