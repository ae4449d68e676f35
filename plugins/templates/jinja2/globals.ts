import {
  allocate,
  binder,
  isInt,
  type Kwargs,
  MISSING,
  PyDict,
  PyFunction,
  PyObject,
  PyRange,
  PythonError,
  str,
  truth,
  typeError,
  typeName,
  update,
  valueError,
} from "../../../src/python/values/index.ts";
import { loremIpsum } from "./lorem-ipsum.ts";
import { Markup } from "./markup.ts";
import { Namespace } from "./namespace.ts";

/** A class that templates may call: prints as `<class 'range'>`. */
class PyClass extends PyFunction {
  constructor(name: string, run: (args: readonly unknown[], kwargs: Kwargs | undefined) => unknown) {
    super(name, run, "type");
  }

  override repr(): string {
    return `<class '${this.name}'>`;
  }
}

/** Goes round through values: `cycler("odd", "even")`. */
class Cycler extends PyObject {
  override readonly typeName = "Cycler";
  readonly #items: readonly unknown[];
  #at = 0;

  constructor(items: readonly unknown[]) {
    super();
    if (items.length === 0) throw new PythonError("RuntimeError", "at least one item has to be provided");
    this.#items = items;
  }

  override get qualifiedName(): string {
    return "jinja2.utils.Cycler";
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "current":
        return this.#items[this.#at];
      case "next":
        return new PyFunction(name, () => {
          const current = this.#items[this.#at];
          this.#at = (this.#at + 1) % this.#items.length;
          return current;
        });
      case "reset":
        return new PyFunction(name, () => {
          this.#at = 0;
          return null;
        });
    }
    return MISSING;
  }
}

/** Nothing at the first call, then its separator: `joiner("|")`. */
class Joiner extends PyObject {
  override readonly typeName = "Joiner";
  readonly #separator: unknown;
  #used = false;

  constructor(separator: unknown) {
    super();
    this.#separator = separator;
  }

  override get qualifiedName(): string {
    return "jinja2.utils.Joiner";
  }

  override get callable(): boolean {
    return true;
  }

  override call(): unknown {
    if (this.#used) return this.#separator;
    this.#used = true;
    return "";
  }
}

const bindJoiner = binder({ sep: ", " });
const bindLipsum = binder({ n: 5, html: true, min: 20, max: 100 });

function makeDict(args: readonly unknown[], kwargs: Kwargs | undefined): PyDict {
  if (args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.length}`);
  const dict = new PyDict();
  update(dict, args[0], kwargs);
  return dict;
}

function makeRange(args: readonly unknown[]): PyRange {
  if (args.length === 0) throw typeError("range expected at least 1 argument, got 0");
  if (args.length > 3) throw typeError(`range expected at most 3 arguments, got ${args.length}`);
  const numbers = args.map((arg) => {
    if (arg instanceof PyObject) str(arg);
    if (!isInt(arg)) throw typeError(`'${typeName(arg)}' object cannot be interpreted as an integer`);
    return Number(arg);
  });
  const [first = 0, second, step = 1] = numbers;
  if (step === 0) throw valueError("range() arg 3 must not be zero");
  return second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step);
}

/** The globals of a new environment. */
export function standardGlobals(): Map<string, unknown> {
  return new Map<string, unknown>([
    ["range", new PyClass("range", makeRange)],
    ["dict", new PyClass("dict", makeDict)],
    [
      "namespace",
      new PyClass("jinja2.utils.Namespace", (args, kwargs) => new Namespace(makeDict(args, kwargs))),
    ],
    ["cycler", new PyClass("jinja2.utils.Cycler", (args) => new Cycler(args))],
    [
      "joiner",
      new PyClass("jinja2.utils.Joiner", (args, kwargs) => new Joiner(bindJoiner("joiner", args, kwargs)[0])),
    ],
    [
      "lipsum",
      new PyFunction("generate_lorem_ipsum", (args, kwargs) => {
        const [n, html, min, max] = bindLipsum("generate_lorem_ipsum", args, kwargs);
        if (![n, min, max].every(isInt)) throw typeError("lipsum takes whole numbers");
        allocate(Number(n) * Number(max) * 8);
        const text = loremIpsum(Number(n), Number(min), Number(max), truth(html));
        return truth(html) ? new Markup(text) : text;
      }),
    ],
  ]);
}
