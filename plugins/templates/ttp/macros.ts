import { ttpErrors } from "../../../src/errors/ttp.ts";
import type { Runtime } from "./runtime.ts";

/** Runs Python functions. `load` defines what the source defines; `call` runs one of the functions. */
export interface MacroHost {
  load(sources: readonly string[]): MacroModule;
}

/** Macros of one template, loaded. */
export interface MacroModule {
  has(name: string): boolean;
  call(name: string, data: unknown, runtime: Runtime): unknown;
  /** Runs a macro over texts that it will be called with, where that makes no difference but time. */
  prepare?(name: string, data: readonly string[]): void;
}

const DEFINITION = /^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=|^class[ \t]+(\w+)/gmu;

/** The macros of a template: Python sources that are loaded when the first of them is called, and functions of the program. */
export class MacroSet {
  readonly #functions: ReadonlyMap<string, (data: unknown) => unknown>;
  readonly #host: MacroHost | undefined;
  readonly #sources: string[] = [];
  readonly #names = new Set<string>();
  #module: MacroModule | undefined;

  constructor(functions: ReadonlyMap<string, (data: unknown) => unknown>, host: MacroHost | undefined) {
    this.#functions = functions;
    this.#host = host;
  }

  get size(): number {
    return this.#functions.size + this.#names.size;
  }

  /** Adds the text of a `<macro>` tag. */
  addSource(source: string): void {
    if (this.#sources.includes(source)) return;
    this.#sources.push(source);
    for (const [, name, value, type] of source.matchAll(DEFINITION)) {
      const found = name ?? value ?? type;
      if (found !== undefined) this.#names.add(found);
    }
    this.#module = undefined;
  }

  has(name: string): boolean {
    return this.#names.has(name) || this.#functions.has(name);
  }

  /** Lets a Python macro run over all texts that it is about to be called with at once. */
  prepare(name: string, data: readonly string[]): void {
    if (!this.#names.has(name) || this.#host === undefined) return;
    this.#module ??= this.#host.load(this.#sources);
    if (this.#module.has(name)) this.#module.prepare?.(name, data);
  }

  /** Runs a macro over data. Throws `TtpMacrosOff` where macros are switched off, `TtpMacroFailed` with Python's error. */
  call(name: string, data: unknown, runtime: Runtime): unknown {
    const own = this.#names.has(name) ? undefined : this.#functions.get(name);
    if (own !== undefined) return own(data);
    if (this.#host === undefined) throw ttpErrors.TtpMacrosOff({ macro: name });
    this.#module ??= this.#host.load(this.#sources);
    // A source that is no Python defines nothing; TTP goes on without it.
    return this.#module.has(name) ? this.#module.call(name, data, runtime) : null;
  }
}
