/**
 * TTP, the Template Text Parser, in TypeScript: the templates of TTP 0.10 give the results that they give in Python.
 *
 * @example
 * const parser = new Ttp({ template: "interface {{ name }}\n description {{ description | ORPHRASE }}" });
 * parser.addInput("interface Gi1\n description to core\n");
 * parser.parse();
 * parser.result(); // [[[{ name: "Gi1", description: "to core" }]]]
 */
import { ttpErrors } from "../../../src/errors/ttp.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { type CustomFunctions, type FunctionScope, noCustomFunctions } from "./custom-functions.ts";
import { type Datum, FileLoader } from "./files.ts";
import type { TemplateFunction } from "./functions/contract.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { type LoadAttributes, loadStructure } from "./loaders/index.ts";
import type { MacroHost } from "./macros.ts";
import { Output } from "./output.ts";
import { parseTemplate } from "./parser.ts";
import { dictFromPlain, fromPlain, toPlain } from "./plain.ts";
import { Runtime } from "./runtime.ts";
import { type EffectOptions, SideEffects } from "./side-effects.ts";
import { Template } from "./template.ts";

export type { FunctionScope } from "./custom-functions.ts";
export type { Answer, TemplateFunction, Verdict } from "./functions/contract.ts";
export type { Limits } from "./limits.ts";
export type { MacroHost, MacroModule } from "./macros.ts";
export { PythonMacroHost, type PythonMacroOptions } from "./python-macros.ts";
export type { EffectOptions } from "./side-effects.ts";
export { XmlParseError } from "./xml-parser.ts";

export interface TtpOptions {
  /** A template's text, a `ttp://` path into the library, or the path of a file in it. */
  readonly template?: string;
  /** Input for all templates. */
  readonly data?: string;
  /** Variables for every template, as plain data. */
  readonly vars?: Readonly<Record<string, unknown>> | PyDict;
  /** Path elements of all digits become integer keys. */
  readonly dynamicPathKeyToInt?: boolean;
  /** What stands before the paths of inputs and their `url`. */
  readonly basePath?: string;
  /** The folder of templates: `ttp://` paths and template files are read from it, Python helpers of macros too. */
  readonly library?: string;
  /** The only other folder that inputs and included files may be read from. */
  readonly files?: string;
  /** Printing, files and syslog; each is refused unless given. */
  readonly effects?: EffectOptions;
  readonly limits?: Partial<Limits>;
  /** Runs Python macros. Without it a template that calls a macro fails with `TtpMacrosOff`. */
  readonly macros?: MacroHost;
  /** The clock of `get_time` and the like. */
  readonly now?: () => Date;
}

/** Which results, and how: besides these any attribute of an `<output>` tag, such as `format`. */
export interface ResultOptions {
  /** Names of templates; all when absent. */
  readonly templates?: string | readonly string[];
  /** `list` (default): per template; `dictionary`: by the templates' names; `flat_list`: all results in one list. */
  readonly structure?: "list" | "dictionary" | "flat_list";
  readonly [attribute: string]: unknown;
}

const ALL_TEMPLATES = "_all_";
const DEFAULT_TEMPLATE = "_root_template_";
const DEFAULT_INPUT = "Default_Input";

/** A parser: templates and their inputs. Its methods are TTP's, in TypeScript's spelling. */
export class Ttp {
  readonly #custom: CustomFunctions = noCustomFunctions();
  readonly #templates: Template[] = [];
  readonly #vars: PyDict;
  readonly #basePath: string;
  readonly #runtime: Runtime;

  constructor(options: TtpOptions = {}) {
    this.#vars = dictFromPlain(options.vars ?? {}).copy();
    this.#basePath = options.basePath ?? "";
    this.#runtime = createRuntime(options, this.#custom, () => this.#templates);
    if (options.template !== undefined && options.template !== "") this.addTemplate(options.template);
    if (options.data !== undefined && options.data !== "")
      this.addInput(options.data, { templateName: ALL_TEMPLATES });
  }

  /** What TTP would have logged: unknown functions, data that could not be read. */
  get warnings(): readonly string[] {
    return this.#runtime.warnings;
  }

  /**
   * Adds a template: its text, a `ttp://` path or the path of a file in the library. With `filters` only the inner templates of
   * these names are loaded.
   *
   * Throws XmlParseError, PythonReError, PythonError or a NetPulseError.
   */
  addTemplate(template: string, options: { name?: string; filters?: readonly string[] } = {}): void {
    for (const datum of this.#runtime.options.files.find(template)) {
      const text = this.#runtime.options.files.read(datum);
      this.#runtime.spendTemplateText(text.length);
      const loaded = new Template(
        text,
        {
          name: options.name ?? DEFAULT_TEMPLATE,
          basePath: this.#basePath,
          vars: this.#vars,
          filters: options.filters ?? [],
        },
        this.#runtime,
      );
      this.#templates.push(...(loaded.templates.length > 0 ? loaded.templates : [loaded]));
    }
  }

  /**
   * Adds input: text, the path of a file or folder below option `files`, or data for an input macro. `groups` limits it to groups of
   * these names.
   */
  addInput(
    data: unknown,
    options: { inputName?: string; templateName?: string; groups?: readonly string[] } = {},
  ): void {
    const found: Datum[] =
      typeof data === "string"
        ? this.#runtime.options.files.find(data)
        : [{ kind: "data", value: fromPlain(data) }];
    for (const template of this.#named(options.templateName ?? DEFAULT_TEMPLATE)) {
      template.addInput(options.inputName ?? DEFAULT_INPUT, found, options.groups ?? ["all"]);
    }
  }

  /** Adds text to all templates, whatever it looks like: a text that could be a path is never read as one. */
  addText(text: string): void {
    for (const template of this.#templates)
      template.addInput(DEFAULT_INPUT, [{ kind: "text", text }], ["all"]);
  }

  /** Replaces all input of a template. */
  setInput(
    data: unknown,
    options: { inputName?: string; templateName?: string; groups?: readonly string[] } = {},
  ): void {
    this.clearInput(options.templateName ?? DEFAULT_TEMPLATE);
    this.addInput(data, options);
  }

  /** Removes all input, of one template or of all. */
  clearInput(templateName: string = ALL_TEMPLATES): void {
    for (const template of this.#named(templateName)) template.inputs.clear();
  }

  /** Adds a look-up table to the templates that are there: text for a loader, or plain data. */
  addLookup(
    name: string,
    table: (LoadAttributes & { readonly text?: string }) | { readonly data: unknown },
  ): void {
    const { files } = this.#runtime.options;
    const warn = (message: string): void => this.#runtime.warn(message);
    const value =
      "data" in table ? fromPlain(table.data) : loadStructure(table.text ?? "", table, { files, warn });
    for (const template of this.#templates) template.addLookup(name, value ?? null);
  }

  /** Adds variables to the parser and to the templates that are there. */
  addVars(vars: Readonly<Record<string, unknown>> | PyDict): void {
    const values = dictFromPlain(vars);
    for (const [key, value] of values.items()) this.#vars.set(key, value);
    for (const template of this.#templates) template.addVars(values);
  }

  /**
   * Adds a function that templates can call, before templates are added. A match, group or input function gives the new data and a
   * verdict (false refuses, a PyDict has new fields); a macro gives its result.
   *
   * @example parser.addFunction("match", "reverse", (data) => [[...String(data)].reverse().join(""), null]);
   */
  addFunction(scope: "macro", name: string, run: (data: unknown) => unknown): void;
  addFunction(scope: Exclude<FunctionScope, "macro">, name: string, run: TemplateFunction): void;
  addFunction(
    scope: FunctionScope,
    name: string,
    run: TemplateFunction & ((data: unknown) => unknown),
  ): void {
    this.#custom[scope].set(name, run);
  }

  /**
   * Parses all inputs of all templates and runs the templates' outputs. Throws what functions and macros raise. `one` and `multi` are
   * TTP's choice of processes: here it is always one, and both together are an error as they are there.
   */
  parse({ one = false, multi = false }: { one?: boolean; multi?: boolean } = {}): void {
    if (one && multi) throw ttpErrors.TtpTemplateInvalid({ what: "parse takes one or multi, not both" });
    this.#runtime.startParse();
    for (const template of this.#templates) parseTemplate(template, this.#runtime);
    for (const template of this.#templates) template.runOutputs();
  }

  /** The results as plain JSON data. See ResultOptions. */
  result(options: ResultOptions = {}): unknown {
    return toPlain(this.resultValues(options));
  }

  /** The results as Python values: dictionaries keep their order, IP addresses stay objects. */
  resultValues(options: ResultOptions = {}): unknown {
    const { templates, structure = "list", ...attributes } = options;
    const wanted = typeof templates === "string" ? [templates] : (templates ?? []);
    const chosen = this.#templates.filter(
      (template) => wanted.length === 0 || wanted.includes(template.name),
    );
    const output =
      Object.keys(attributes).length === 0
        ? undefined
        : Output.fromArguments(Object.entries({ returner: "self", ...attributes }), this.#runtime);
    const resultOf = (template: Template): unknown =>
      output === undefined ? template.results : output.run(template.results, template.macros, this.#runtime);
    if (structure === "dictionary") {
      const named = chosen.filter((template) => template.name !== "");
      return new PyDict(named.map((template) => [template.name, resultOf(template)]));
    }
    return structure === "flat_list"
      ? chosen.flatMap((template) => flat(resultOf(template)))
      : chosen.map(resultOf);
  }

  /** The data in the texts of `<input>` tags, by template and input. */
  inputLoad(): unknown {
    return toPlain(this.inputLoadValues());
  }

  inputLoadValues(): PyDict {
    return new PyDict(
      this.#templates.map((template) => [
        template.name,
        new PyDict([...template.inputs].map(([name, input]) => [name, input.parameters])),
      ]),
    );
  }

  /** Forgets results, of the named templates or of all. */
  clearResult(templates: string | readonly string[] = []): void {
    const wanted = typeof templates === "string" ? [templates] : templates;
    for (const template of this.#templates) {
      if (wanted.length === 0 || wanted.includes(template.name)) {
        template.results = template.results instanceof PyDict ? new PyDict() : [];
      }
    }
  }

  /** The templates' text after `<extend>` tags were replaced. */
  templateText(): string {
    return this.#templates.map((template) => template.text).join("\n");
  }

  #named(name: string): Template[] {
    return this.#templates.filter((template) => name === ALL_TEMPLATES || template.name === name);
  }
}

/**
 * Parses one text with one template.
 *
 * @example quickParse("interface Gi1\n", "interface {{ name }}", { structure: "flat_list" })  // [{ name: "Gi1" }]
 */
export function quickParse(
  data: string,
  template: string,
  result: ResultOptions = {},
  options: Omit<TtpOptions, "data" | "template"> = {},
): unknown {
  const parser = new Ttp({ ...options, template, data });
  parser.parse();
  return parser.result(result);
}

/** What the functions of a parser with these options reach. For the tests of single functions. */
export function createRuntime(
  options: TtpOptions,
  custom: CustomFunctions = noCustomFunctions(),
  templates: () => readonly Template[] = () => [],
): Runtime {
  return new Runtime({
    intPathKeys: options.dynamicPathKeyToInt ?? false,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    effects: new SideEffects(options.effects ?? {}),
    files: new FileLoader({
      ...(options.library === undefined ? {} : { templates: options.library }),
      ...(options.files === undefined ? {} : { base: options.files }),
    }),
    custom,
    templates,
    now: options.now ?? (() => new Date()),
    macroHost: options.macros,
  });
}

function flat(results: unknown): unknown[] {
  return Array.isArray(results) ? results.flat() : [results];
}
