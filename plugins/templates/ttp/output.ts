import { PyDict } from "../../../src/python/values/dict.ts";
import { equal } from "../../../src/python/values/equality.ts";
import { PythonError, typeError } from "../../../src/python/values/python-error.ts";
import { str } from "../../../src/python/values/text.ts";
import { truth } from "../../../src/python/values/truth.ts";
import { textArgument } from "./arguments.ts";
import { type FunctionCall, readCalls } from "./attributes.ts";
import { formatters } from "./formatters/index.ts";
import { outputFunctions } from "./functions/output.ts";
import { loadStructure } from "./loaders/index.ts";
import type { MacroSet } from "./macros.ts";
import { returners } from "./returners.ts";
import type { Runtime } from "./runtime.ts";
import type { Template } from "./template.ts";
import { formatTime } from "./time-format.ts";
import type { XmlElement } from "./xml-element.ts";

/** An output: functions, then a formatter, then where the result goes. */
export class Output {
  name: string | null = null;
  /** What formatters and returners are given, by Python's parameter names. */
  readonly attributes = new Map<string, unknown>([
    ["returner", "self"],
    ["format", "raw"],
    ["load", "python"],
  ]);
  /** What the text of the tag holds, or the text itself. */
  tagLoad: unknown = new PyDict();
  readonly template: Template | undefined;
  /** Whether the formatted result replaces the template's results. */
  returnsToSelf = false;
  readonly #functions: FunctionCall[] = [];
  readonly #runtime: Runtime;

  private constructor(template: Template | undefined, runtime: Runtime) {
    this.template = template;
    this.#runtime = runtime;
  }

  /** The output of an `<output>` tag. */
  static fromTag(element: XmlElement, template: Template): Output {
    const output = new Output(template, template.runtime);
    for (const [name, value] of element.attributes) output.attributes.set(name, value);
    output.#readText(element, template);
    output.#readAttributes();
    return output;
  }

  /** An output of a template without a tag of its own. */
  static forTemplate(template: Template): Output {
    return new Output(template, template.runtime);
  }

  /** An output made of the arguments of `result()`. */
  static fromArguments(attributes: Iterable<readonly [string, unknown]>, runtime: Runtime): Output {
    const output = new Output(undefined, runtime);
    for (const [name, value] of attributes) output.attributes.set(name, value);
    output.#readAttributes();
    return output;
  }

  #readText(element: XmlElement, template: Template): void {
    if (this.attributes.get("format") === "jinja2") this.attributes.set("load", "text");
    const attributes = {
      load: textArgument(this.attributes.get("load"), "load"),
      include: element.get("include"),
      key: element.get("key"),
    };
    const found = loadStructure(element.text, attributes, template.loadContext);
    this.tagLoad = found !== undefined && truth(found) ? found : element.text;
    if (found instanceof PyDict)
      for (const [name, value] of found.items()) this.attributes.set(str(name), value);
  }

  #readAttributes(): void {
    for (const [name, value] of [...this.attributes]) this.#attribute(name, value);
  }

  #attribute(name: string, value: unknown): void {
    switch (name.toLowerCase()) {
      case "name":
        this.name = str(value);
        return;
      case "returner":
        this.attributes.set("returner", split(value, ","));
        return;
      case "filename":
        this.attributes.set(
          "filename",
          formatTime(textArgument(value, "filename"), this.#runtime.options.now()),
        );
        return;
      case "format_attributes":
        this.attributes.set("format_attributes", readCalls(`format_attributes(${str(value)})`)[0]);
        return;
      case "path":
        this.attributes.set("path", split(value, "."));
        return;
      case "headers":
        this.attributes.set("headers", typeof value === "string" ? split(value, ",") : value);
        return;
      case "condition":
        this.attributes.set("condition", readCalls(`condition(${str(value)})`)[0]?.args);
        return;
      case "functions":
        this.#functions.push(
          ...readCalls(textArgument(value, "functions")).filter((call) => this.#isKnown(call.name)),
        );
        return;
      default:
        if (this.#isKnown(name)) this.#functions.push(...readCalls(`${name}(${str(value)})`).slice(0, 1));
        else this.attributes.set(name, value);
    }
  }

  #isKnown(name: string): boolean {
    return outputFunctions.has(name) || this.#runtime.options.custom.output.has(name);
  }

  /** The formatted data where the output returns it to the template, else the data as they were. */
  run(data: unknown, macros: MacroSet, runtime: Runtime): unknown {
    runtime.output = this;
    if (macros.size > 0) runtime.macros = macros;
    if (!this.#conditionHolds()) return data;
    let results = data;
    for (const call of this.#functions) {
      const known = runtime.options.custom.output.get(call.name) ?? outputFunctions.get(call.name);
      if (known === undefined) throw new PythonError("KeyError", `'${call.name}'`);
      results = known(results, call, runtime)[0];
    }
    results = this.#format(results, runtime);
    for (const name of this.attributes.get("returner") as string[]) {
      const returner = returners.get(name);
      if (returner === undefined) runtime.warn(`there is no returner '${name}'`);
      else returner(results, this, runtime);
    }
    return this.returnsToSelf ? results : data;
  }

  #conditionHolds(): boolean {
    const condition = this.attributes.get("condition");
    if (!Array.isArray(condition) || condition.length === 0) return true;
    if (condition.length !== 2)
      throw new PythonError("ValueError", "a condition is a variable and its value");
    if (this.template === undefined) throw typeError("a condition needs a template");
    const vars = this.template.vars;
    return equal(vars.has(condition[0]) ? vars.get(condition[0]) : "_undef_", condition[1]);
  }

  #format(results: unknown, runtime: Runtime): unknown {
    const name = this.attributes.get("format");
    const formatter = typeof name === "string" ? formatters.get(name) : undefined;
    if (formatter === undefined) {
      runtime.warn(`there is no formatter '${str(name)}'`);
      return results;
    }
    return formatter(results, this, runtime);
  }
}

function split(value: unknown, separator: string): string[] {
  return textArgument(value, "an attribute")
    .split(separator)
    .map((item) => item.trim());
}
