import { PyDict } from "../../../src/python/values/dict.ts";
import { contains } from "../../../src/python/values/iteration.ts";
import { parseInteger } from "../../../src/python/values/numbers.ts";
import { attributeError, PythonError, typeError } from "../../../src/python/values/python-error.ts";
import { truth } from "../../../src/python/values/truth.ts";
import { typeName } from "../../../src/python/values/type-name.ts";

/** One step of a result path: a key, and `*` or `**` behind it for a list or an updated dictionary. */
export interface PathStep {
  readonly key: string;
  readonly stars: string;
}

/** The path item that names no key: results go into what is there already. */
const NULL_PATH = "_";

/** The ways of TTP through its tree of results. Steps of the null path at the front are taken off the given path itself. */
export class ResultTree {
  readonly #intKeys: boolean;

  /** `intKeys`: keys that are all digits become integers. */
  constructor(intKeys: boolean) {
    this.#intKeys = intKeys;
  }

  /** The element at a path; what is missing on the way is made. Undefined where the way ends in a text or number. */
  at(path: PathStep[], element: unknown): unknown {
    const [first] = path;
    if (first === undefined) return element;
    if (element instanceof PyDict) return this.#inDict(path, first, element);
    if (!Array.isArray(element)) return undefined;
    if (element.length === 0) element.push(this.#branch(path));
    return this.at(path, element.at(-1));
  }

  #inDict(path: PathStep[], first: PathStep, element: PyDict): unknown {
    let key = this.#key(first.key);
    if (first.key === NULL_PATH) {
      if (path.length === 1) return element;
      path.shift();
      key = path[0]?.key ?? "";
    }
    if (!element.has(key)) {
      for (const [made, value] of this.#branch(path).items()) element.set(made, value);
      if (!element.has(key)) throw new PythonError("KeyError", `'${key}'`);
    }
    return this.at(path.slice(1), element.get(key));
  }

  /** New nested dictionaries along a path, lists where it has stars. */
  #branch(path: readonly PathStep[]): PyDict {
    const branch = new PyDict();
    const [first, ...rest] = path;
    if (first === undefined) return branch;
    const key = this.#key(first.key);
    if (first.stars !== "*") branch.set(key, this.#branch(rest));
    else branch.set(key, rest.length === 0 ? [] : [this.#branch(rest)]);
    return branch;
  }

  #key(key: string): string | number | bigint {
    return this.#intKeys && /^\p{Nd}+$/u.test(key) ? (parseInteger(key) ?? key) : key;
  }

  /** Turns the value at a path into a list with `result` at its end; gives the whole tree back. */
  toList(data: unknown, path: PathStep[], result: PyDict): unknown {
    const [first] = path;
    if (first === undefined) return [data, result];
    let key = first.key;
    if (key === NULL_PATH) {
      if (path.length === 1) return updateLast(data, result);
      path.shift();
      key = path[0]?.key ?? "";
    }
    if (data instanceof PyDict) {
      if (!data.has(key)) return null;
      data.set(key, this.toList(data.get(key), path.slice(1), result));
      return data;
    }
    if (!Array.isArray(data)) return null;
    const last: unknown = data.at(-1);
    if (data.length === 0) throw new PythonError("IndexError", "list index out of range");
    if (!contains(last, key)) return null;
    if (!(last instanceof PyDict))
      throw typeError(`${typeName(last)} indices must be integers or slices, not str`);
    last.set(key, this.toList(last.get(key), path.slice(1), result));
    return data;
  }
}

/** Merges results into an element, dictionaries in it too. */
export function mergeInto(element: unknown, result: PyDict): void {
  if (!(element instanceof PyDict))
    throw attributeError(`'${typeName(element)}' object has no attribute 'get'`);
  for (const [key, value] of [...result.items()]) {
    const present = element.get(key);
    if (present !== undefined && truth(present) && value instanceof PyDict) mergeInto(present, value);
    else element.set(key, value);
  }
}

function updateLast(data: unknown, result: PyDict): unknown {
  const target: unknown = Array.isArray(data) ? data.at(-1) : data;
  if (target instanceof PyDict) for (const [key, value] of result.items()) target.set(key, value);
  return data;
}
