/**
 * Python functions that come with templates, run unchanged in CPython compiled to WebAssembly: in a process that has no environment, no
 * files, no network and no other processes, and that is ended at its time or memory limit.
 *
 * @example
 * const python = new PythonMacros();
 * const macros = python.load(["def double(data):\n    return data * 2"]);
 * macros.call("double", 21).value; // 42
 * python.close();
 */
import { PyDict } from "../values/dict.ts";
import { dumpJson } from "../values/json.ts";
import { PythonError } from "../values/python-error.ts";
import { str } from "../values/text.ts";
import { InterpreterEnded, type InterpreterOptions, InterpreterProcess } from "./interpreter-process.ts";
import { decode, encode, readLine } from "./wire.ts";

export { InterpreterEnded, type InterpreterOptions } from "./interpreter-process.ts";

/** What a macro may see and change besides its data: `_ttp_["vars"]` and the like. */
export interface MacroState {
  readonly vars: PyDict;
  readonly globalVars: PyDict;
  readonly lookups: PyDict;
  readonly record: PyDict;
}

/** A macro's question: it calls one of the engine's own functions. */
export interface MacroQuestion {
  readonly scope: string;
  readonly name: string;
  readonly data: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: PyDict;
}

export interface MacroAnswer {
  /** The result; `data` itself when the macro returned that. */
  readonly value: unknown;
  /** The data as the macro left them, where it changed them. */
  readonly changed: unknown;
}

/** What the macro raised, as Python says it. */
export class MacroError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MacroError";
  }
}

/** Macros of one template, loaded. */
export class LoadedMacros {
  /** The names that the sources define. */
  readonly names: readonly string[];
  /** Whether the order and number of calls make no difference, as far as the sources show. */
  readonly pure: boolean;
  readonly #usesState: boolean;
  readonly #id: number;
  readonly #send: (line: string, ask: (question: MacroQuestion) => unknown) => PyDict;

  constructor(
    id: number,
    loaded: PyDict,
    send: (line: string, ask: (question: MacroQuestion) => unknown) => PyDict,
  ) {
    this.#id = id;
    this.#send = send;
    this.names = (loaded.get("names") as unknown[]).map(str);
    this.#usesState = loaded.get("usesTtp") === true;
    this.pure = loaded.get("pure") === true;
  }

  /** Runs a macro over many texts at once: a result or error for each. Much faster than one by one. Throws InterpreterEnded. */
  callMany(name: string, data: readonly string[]): (unknown | MacroError)[] {
    const request = new PyDict([
      ["op", "callMany"],
      ["id", this.#id],
      ["name", name],
      ["data", [...data]],
    ]);
    const answers = this.#send(dumpJson(request), refuse).get("answers") as PyDict[];
    return answers.map((answer) =>
      answer.has("error") ? new MacroError(str(answer.get("error"))) : decode(answer.get("value")),
    );
  }

  /**
   * Runs a macro over data. `state` is what it finds as `_ttp_`, changed by it in place; `ask` runs the engine's functions for it.
   * Throws MacroError, InterpreterEnded.
   */
  call(
    name: string,
    data: unknown,
    state?: () => MacroState,
    ask: (question: MacroQuestion) => unknown = refuse,
  ): MacroAnswer {
    const request = new PyDict([
      ["op", "call"],
      ["id", this.#id],
      ["name", name],
      ["data", encode(data)],
    ]);
    const shared = this.#usesState ? state?.() : undefined;
    if (shared !== undefined) request.set("state", encodeState(shared));
    const answer = this.#send(dumpJson(request), ask);
    if (shared !== undefined) takeState(shared, answer.get("state"));
    const changed = answer.has("data") ? decode(answer.get("data")) : undefined;
    if (answer.has("same")) return { value: changed ?? data, changed };
    return { value: decode(answer.get("value")), changed };
  }
}

/** A Python interpreter for macros, started when the first are loaded and anew after it ended at a limit. */
export class PythonMacros {
  readonly #options: InterpreterOptions;
  #process: InterpreterProcess | undefined;
  #lastId = 0;

  constructor(options: InterpreterOptions = {}) {
    this.#options = options;
  }

  /** Runs sources that define macros. Throws MacroError, InterpreterEnded. */
  load(sources: readonly string[]): LoadedMacros {
    const id = ++this.#lastId;
    if (this.#process?.ended !== false) this.#process = new InterpreterProcess(this.#options);
    const interpreter = this.#process;
    const send = (line: string, ask: (question: MacroQuestion) => unknown): PyDict => {
      const answer = answerOf(
        interpreter,
        interpreter.request(line, (question) => answerQuestion(question, ask)),
      );
      if (answer.has("error")) throw new MacroError(str(answer.get("error")));
      return answer;
    };
    return new LoadedMacros(id, send(JSON.stringify({ op: "load", id, sources }), refuse), send);
  }

  /** Ends the interpreter's process. Macros can be loaded again afterwards. */
  close(): void {
    this.#process?.close();
    this.#process = undefined;
  }
}

/** The answer in a line. What is none was written by something that broke in the process, which is ended then. */
function answerOf(interpreter: InterpreterProcess, line: string): PyDict {
  try {
    return readLine(line);
  } catch {
    interpreter.close();
    throw new InterpreterEnded(`Python's process broke: ${line.slice(0, 200)}`);
  }
}

function answerQuestion(line: string, ask: (question: MacroQuestion) => unknown): string {
  try {
    const question = readLine(line).get("ask") as PyDict;
    const value = ask({
      scope: str(question.get("scope")),
      name: str(question.get("name")),
      data: decode(question.get("data")),
      args: decode(question.get("args")) as unknown[],
      kwargs: decode(question.get("kwargs")) as PyDict,
    });
    return dumpJson(new PyDict([["value", encode(value)]]));
  } catch (error) {
    const kind = error instanceof PythonError ? error.kind : "RuntimeError";
    const message = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ error: { kind, message } });
  }
}

function encodeState(state: MacroState): PyDict {
  return new PyDict([
    ["vars", encode(state.vars)],
    ["global_vars", encode(state.globalVars)],
    ["lookups", encode(state.lookups)],
    ["record", encode(state.record)],
  ]);
}

function takeState(state: MacroState, answer: unknown): void {
  if (!(answer instanceof PyDict)) return;
  replace(state.vars, decode(answer.get("vars")));
  replace(state.globalVars, decode(answer.get("global_vars")));
}

function replace(target: PyDict, source: unknown): void {
  if (!(source instanceof PyDict)) return;
  target.clear();
  for (const [key, value] of source.items()) target.set(key, value);
}

function refuse(): never {
  throw new PythonError("RuntimeError", "this function is not available here");
}
