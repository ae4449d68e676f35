import { ttpErrors } from "../../../src/errors/ttp.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import { str } from "../../../src/python/values/text.ts";
import type { FunctionCall } from "./attributes.ts";
import { builtinCall } from "./builtin.ts";
import type { CustomFunctions } from "./custom-functions.ts";
import type { FileLoader } from "./files.ts";
import type { Answer, TemplateFunction } from "./functions/contract.ts";
import { groupFunctions } from "./functions/group.ts";
import { matchFunctions } from "./functions/match.ts";
import type { Limits } from "./limits.ts";
import type { MacroHost, MacroSet } from "./macros.ts";
import type { Output } from "./output.ts";
import type { ResultsBuilder } from "./results.ts";
import type { SideEffects } from "./side-effects.ts";
import type { Template } from "./template.ts";

interface RuntimeOptions {
  readonly intPathKeys: boolean;
  readonly limits: Limits;
  readonly effects: SideEffects;
  readonly files: FileLoader;
  readonly custom: CustomFunctions;
  /** All templates of the parser, for look-ups in results. */
  readonly templates: () => readonly Template[];
  readonly now: () => Date;
  /** Runs Python macros; undefined when they are switched off. */
  readonly macroHost: MacroHost | undefined;
}

/** What functions, outputs and macros of one parser share and reach: TTP calls it `_ttp_`. */
export class Runtime {
  readonly globalVars = new PyDict();
  /** Variables of the input that is on. */
  vars = new PyDict();
  lookups = new PyDict();
  macros: MacroSet | undefined;
  template: Template | undefined;
  output: Output | undefined;
  /** The results tree of the input that is on. */
  mainResults: unknown;
  /** What went wrong without an error: TTP only logs it. */
  readonly warnings: string[] = [];
  readonly options: RuntimeOptions;
  #builder: ResultsBuilder | undefined;
  #matches = 0;
  #templateLength = 0;

  constructor(options: RuntimeOptions) {
    this.options = options;
  }

  get intPathKeys(): boolean {
    return this.options.intPathKeys;
  }

  /** The results that are being formed. */
  get builder(): ResultsBuilder {
    if (this.#builder === undefined) throw new PythonError("KeyError", "'results_object'");
    return this.#builder;
  }

  get hasBuilder(): boolean {
    return this.#builder !== undefined;
  }

  set builder(builder: ResultsBuilder) {
    this.#builder = builder;
  }

  /** Runs a match function. What TTP does not know by that name is a method or attribute of the value, as in Python. */
  callMatchFunction(call: FunctionCall, data: unknown): Answer {
    const known = this.options.custom.match.get(call.name) ?? matchFunctions.get(call.name);
    if (known === undefined) return builtinCall(call, data, this);
    try {
      return known(data, call, this);
    } catch (error) {
      if (!(error instanceof PythonError && error.kind === "KeyError")) throw error;
      return builtinCall(call, data, this);
    }
  }

  callGroupFunction(call: FunctionCall, data: unknown): Answer {
    const known = this.groupFunction(call.name);
    if (known === undefined) throw new PythonError("KeyError", `'${call.name}'`);
    return known(data, call, this);
  }

  groupFunction(name: string): TemplateFunction | undefined {
    return this.options.custom.group.get(name) ?? groupFunctions.get(name);
  }

  hasMacro(name: unknown): boolean {
    return typeof name === "string" && (this.macros?.has(name) ?? false);
  }

  /** Runs a macro; one that does not exist changes nothing. */
  callMacro(name: unknown, data: unknown): unknown {
    if (typeof name !== "string" || !this.hasMacro(name)) return null;
    return this.macros?.call(name, data, this) ?? null;
  }

  /** Results of the template of that name. */
  templateResults(name: string): unknown {
    return this.options.templates().find((template) => template.name === name)?.results;
  }

  /** Results of the inputs of this template that were parsed before. */
  currentResults(): unknown {
    return this.template?.results;
  }

  spendMatch(): void {
    this.#matches += 1;
    const limit = this.options.limits.matches;
    if (this.#matches > limit)
      throw ttpErrors.TtpBudgetExceeded({ what: "matches", limit, option: "limits.matches" });
  }

  spendTemplateText(length: number): void {
    this.#templateLength += length;
    const limit = this.options.limits.templateLength;
    if (this.#templateLength > limit) {
      throw ttpErrors.TtpBudgetExceeded({
        what: "characters of template text",
        limit,
        option: "limits.templateLength",
      });
    }
  }

  /** A new parse has its own account of matches. */
  startParse(): void {
    this.#matches = 0;
  }

  print(value: unknown): void {
    this.options.effects.print(str(value));
  }

  warn(message: string): void {
    if (this.warnings.length < 1000) this.warnings.push(message);
  }
}
