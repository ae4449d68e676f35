import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Environment,
  type EnvironmentOptions,
  Markup,
  PyDict,
  parseJson,
  TemplateError,
  TemplateSyntaxError,
} from "../../../plugins/templates/jinja2/engine.ts";
import { PythonError } from "../../../src/python/values/index.ts";
import { type CaseOutcome, type ConformanceCase, type ConformanceSuite, compare } from "./suite.ts";

/** Jinja2's own test cases and templates of public projects, against the answers of Jinja2. */
export const suite: ConformanceSuite = {
  name: "jinja2",
  *cases(folder) {
    for (const file of ["cases.jsonl", "realworld_cases.jsonl"]) {
      for (const record of records(folder, file)) yield caseOf(file, record);
    }
  },
};

// Records are read with Python's JSON rules: 1.0 is a float there, and the order of keys like "10" counts.
function* records(folder: string, file: string): Generator<PyDict> {
  const path = join(folder, file);
  if (!existsSync(path)) return;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line.trim() === "") continue;
    const record = parseJson(line);
    if (record instanceof PyDict) yield record;
  }
}

function caseOf(file: string, record: PyDict): ConformanceCase {
  const id = String(record.get("id"));
  return { id, file, run: () => runCase(record) };
}

interface Failure {
  readonly class: string;
  readonly message: string;
  readonly lineno?: number;
}

function runCase(record: PyDict): CaseOutcome {
  const expected =
    record.get("error") instanceof PyDict ? failureIn(record.get("error")) : record.get("output");
  let got: unknown;
  try {
    got = outputOf(record);
  } catch (error) {
    got = asFailure(error);
  }
  if (!isFailure(expected) || !isFailure(got)) return compare(expected, got);
  // Classes of Python itself stand for any typed error; Jinja2's own must be the same, with message and line.
  const own = expected.class.startsWith("Template") || JINJA_ERRORS.has(expected.class);
  const same = own
    ? expected.class === got.class &&
      expected.message === got.message &&
      (expected.lineno === undefined || expected.lineno === got.lineno)
    : true;
  return { passed: same, expected, got };
}

const JINJA_ERRORS = new Set(["UndefinedError", "SecurityError", "FilterArgumentError"]);

const isFailure = (value: unknown): value is Failure =>
  typeof value === "object" && value !== null && "class" in value && "message" in value;

function failureIn(value: unknown): Failure {
  const error = value as PyDict;
  const lineno = error.get("lineno");
  return {
    class: String(error.get("class")),
    message: String(error.get("message")),
    ...(typeof lineno === "number" && { lineno }),
  };
}

function asFailure(error: unknown): Failure {
  if (error instanceof TemplateError) {
    const lineno = error instanceof TemplateSyntaxError ? error.lineno : undefined;
    return { class: error.name, message: error.message, ...(lineno !== undefined && { lineno }) };
  }
  if (error instanceof PythonError) return { class: error.kind, message: error.message };
  // Anything else is a fault of the engine, not an answer.
  throw error;
}

function outputOf(record: PyDict): unknown {
  const templates = record.get("templates") as PyDict;
  const loader = { load: (name: string) => templates.entries.get(name) as string | undefined };
  const environment = new Environment(optionsOf(record.get("options") as PyDict), loader);
  const globals = record.get("globals");
  if (globals instanceof PyDict)
    for (const [name, value] of globals.items()) environment.globals.set(String(name), value);
  const context = marked(record.get("context")) as PyDict;
  const entry = record.get("entry");
  if (typeof entry === "string") return environment.getTemplate(entry).render(context);
  const source = String(record.get("source"));
  const name = record.get("name");
  if (record.get("kind") === "expression") return expressionValue(environment, source, context);
  return environment.fromString(source, typeof name === "string" ? name : undefined).render(context);
}

function expressionValue(environment: Environment, source: string, context: PyDict): unknown {
  return environment.compileExpression(source)(context);
}

const UNDEFINED_NAMES: ReadonlyArray<readonly [prefix: string, kind: string]> = [
  ["custom:netlab", "ChainableFalsyStrictUndefined"],
  ["custom:avd", "ChainableStrictUndefined"],
];
const SANDBOXES: Readonly<Record<string, EnvironmentOptions["sandbox"]>> = {
  SandboxedEnvironment: "sandboxed",
  ImmutableSandboxedEnvironment: "immutable",
};

/** The recorded options as ours. `async` changes nothing in the output. */
function optionsOf(recorded: PyDict): EnvironmentOptions {
  const options: Record<string, unknown> = {};
  for (const [key, value] of recorded.items()) {
    const name = String(key);
    if (name === "async") continue;
    if (name === "environment") options.sandbox = SANDBOXES[String(value)];
    else if (name === "undefined") {
      const custom = UNDEFINED_NAMES.find(([prefix]) => String(value).startsWith(prefix));
      options[name] = custom?.[1] ?? value;
    } else options[name] = value instanceof PyDict ? Object.fromEntries(value.items()) : value;
  }
  return options as EnvironmentOptions;
}

/** `{"__markup__": text}` stands for a safe string. */
function marked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(marked);
  if (!(value instanceof PyDict)) return value;
  const text = value.get("__markup__");
  if (typeof text === "string") return new Markup(text);
  return new PyDict(value.items().map(([key, item]) => [key, marked(item)] as const));
}
