import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ttpErrors } from "../../../src/errors/ttp.ts";
import {
  InterpreterEnded,
  type InterpreterOptions,
  type LoadedMacros,
  MacroError,
  type MacroQuestion,
  type MacroState,
  PythonMacros,
} from "../../../src/python/macro/index.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import { PyTuple } from "../../../src/python/values/tuple.ts";
import type { FunctionCall } from "./attributes.ts";
import { deepCopy } from "./copy.ts";
import { formatters } from "./formatters/index.ts";
import { outputFunctions } from "./functions/output.ts";
import { gethostname } from "./getters.ts";
import type { MacroHost, MacroModule } from "./macros.ts";
import { Output } from "./output.ts";
import type { Runtime } from "./runtime.ts";

export interface PythonMacroOptions extends Omit<InterpreterOptions, "modules"> {
  /** The folder of templates: its Python files can be imported by macros as `ttp_templates`. */
  readonly library?: string;
}

/** So many calls have the time limit of one. */
const AT_ONCE = 1000;

/**
 * Runs the macros of templates in CPython, in a process without rights. The process starts with the first macro and is shared by all
 * templates of this host.
 */
export class PythonMacroHost implements MacroHost {
  readonly #python: PythonMacros;

  constructor({ library, ...options }: PythonMacroOptions = {}) {
    const modules = library === undefined ? {} : pythonFiles(library);
    this.#python = new PythonMacros({ ...options, modules });
  }

  load(sources: readonly string[]): MacroModule {
    const loaded = attempt("<macro>", () => this.#python.load(sources));
    let prepared = new Map<string, unknown>();
    const key = (name: string, data: string): string => `${name}\0${data}`;
    return {
      has: (name) => loaded.names.includes(name),
      call(name, data, runtime) {
        if (typeof data !== "string" || !prepared.has(key(name, data)))
          return call(loaded, name, data, runtime);
        const known = prepared.get(key(name, data));
        if (known instanceof MacroError) throw failed(name, known);
        return deepCopy(known);
      },
      prepare(name, data) {
        if (!loaded.pure) return;
        prepared = new Map();
        for (let from = 0; from < data.length; from += AT_ONCE) {
          const some = data.slice(from, from + AT_ONCE);
          const results = attempt(name, () => loaded.callMany(name, some));
          for (const [index, text] of some.entries()) prepared.set(key(name, text), results[index]);
        }
      },
    };
  }

  /** Ends the process. */
  close(): void {
    this.#python.close();
  }
}

function call(loaded: LoadedMacros, name: string, data: unknown, runtime: Runtime): unknown {
  const ask = (question: MacroQuestion): unknown => answer(question, runtime);
  const { value, changed } = attempt(name, () => loaded.call(name, data, () => stateOf(runtime), ask));
  // A macro may change its data in place and return something else, or nothing.
  if (changed !== undefined && value !== changed) change(data, changed);
  return value;
}

function stateOf(runtime: Runtime): MacroState {
  const record = new PyDict();
  if (runtime.hasBuilder) {
    record.set("result", runtime.builder.record.result);
    record.set("DEFAULTS", runtime.builder.record.defaults);
    record.set("PATH", runtime.builder.record.path);
  }
  return { vars: runtime.vars, globalVars: runtime.globalVars, lookups: runtime.lookups, record };
}

/** What a function of `_ttp_` gives: data and verdict as a pair, as in TTP; formatters, outputs and getters give one value. */
function answer({ scope, name, data, args, kwargs }: MacroQuestion, runtime: Runtime): unknown {
  const given: FunctionCall = {
    name,
    args: [...args],
    kwargs: new Map([...kwargs.items()].map(([k, v]) => [String(k), v])),
  };
  if (scope === "match") return pair(runtime.callMatchFunction(given, data));
  if (scope === "group") return pair(runtime.callGroupFunction(given, data));
  const output = outputFunctions.get(name);
  if (scope === "output" && output !== undefined) return output(data, given, runtime)[0];
  const formatter = formatters.get(name);
  if (scope === "formatters" && formatter !== undefined) {
    return formatter(data, Output.fromArguments(given.kwargs, runtime), runtime);
  }
  if (scope === "variable" && name === "gethostname") {
    return gethostname({ data, name: "macro", now: new Date(0), warn: (message) => runtime.warn(message) });
  }
  throw new PythonError("KeyError", `'${name}'`);
}

function pair([data, verdict]: readonly [unknown, unknown]): unknown {
  return PyTuple.of(data, verdict instanceof PyDict ? new PyDict([["new_field", verdict]]) : verdict);
}

function change(data: unknown, changed: unknown): void {
  if (data instanceof PyDict && changed instanceof PyDict) {
    data.clear();
    for (const [key, value] of changed.items()) data.set(key, value);
  } else if (Array.isArray(data) && Array.isArray(changed)) {
    data.splice(0, data.length, ...changed);
  }
}

function attempt<T>(macro: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MacroError || error instanceof InterpreterEnded)) throw error;
    throw failed(macro, error);
  }
}

function failed(macro: string, error: Error): Error {
  return ttpErrors.TtpMacroFailed({ macro, why: error.message }, { cause: error });
}

/** The Python files of a folder of templates, as the package `ttp_templates`. */
function pythonFiles(library: string): Record<string, string> {
  const files: Record<string, string> = { "ttp_templates/__init__.py": "" };
  for (const entry of readdirSync(library, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".py")) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(library, path);
    // The package itself only loads templates, which macros do not need.
    if (name.includes("/")) files[`ttp_templates/${name}`] = readFileSync(path, "utf8");
  }
  return files;
}
