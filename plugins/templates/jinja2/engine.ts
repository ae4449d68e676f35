/**
 * Jinja2 3.1 in TypeScript: its language, its semantics and its texts, for templates that nobody has to trust.
 *
 * Templates compile to closures over Python's values; there is no generated code, and nothing in a template leads to JavaScript's
 * objects. Every rendering has a budget.
 *
 * @example
 * import { Environment } from "netpulse/jinja2";
 * const environment = new Environment({ undefined: "StrictUndefined", trim_blocks: true, filters: ["ansible"] });
 * environment.fromString("{% for v in vlans %}vlan {{ v }}\n{% endfor %}").render({ vlans: [10, 20] });
 */

export {
  Budget,
  BudgetExceeded,
  fromJs,
  type Kwargs,
  PyDict,
  PyFloat,
  PyFunction,
  PyObject,
  PyTuple,
  PythonError,
  parseJson,
  REQUIRED,
  str,
  toJs,
} from "../../../src/python/values/index.ts";
export { Environment, type Loader } from "./environment.ts";
export {
  FilterArgumentError,
  placeOf,
  SecurityError,
  TemplateAssertionError,
  TemplateError,
  TemplateNotFound,
  type TemplatePlace,
  TemplateRuntimeError,
  TemplateSyntaxError,
  TemplatesNotFound,
  UndefinedError,
} from "./errors.ts";
export { type FilterFunction, filter, type TestFunction, test } from "./filter.ts";
export { type FetchText, fetchText, HttpLoader } from "./loaders/http-loader.ts";
export { ChoiceLoader, FolderLoader, MapLoader } from "./loaders/loaders.ts";
export { escaped, Markup } from "./markup.ts";
export { type EnvironmentOptions, environmentOptionsSchema } from "./options.ts";
export { Template } from "./template.ts";
export { Undefined } from "./undefined.ts";
