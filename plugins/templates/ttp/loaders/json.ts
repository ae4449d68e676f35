import { PyDict } from "../../../../src/python/values/dict.ts";
import { float, int } from "../../../../src/python/values/numbers.ts";

const TOKEN = /[ \t\n\r]*([[\]{}:,]|"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity|$)/y;

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Deeper data is refused, as Python's recursion limit does. */
const MAX_DEPTH = 900;

/** Reads JSON as Python's `json.loads`: objects keep their order, `1.0` is a float. Throws SyntaxError. */
export function loadJson(text: string): unknown {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #token = "";

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError("the data are nested too deeply");
    const token = this.#token;
    this.#next();
    if (token === "{") return this.#object(depth);
    if (token === "[") return this.#array(depth);
    if (token.startsWith('"')) return JSON.parse(token);
    if (WORDS.has(token)) return WORDS.get(token);
    if (!/^-?\d/.test(token)) throw this.#unexpected(token);
    return /[.eE]/.test(token) ? float(Number(token)) : int(BigInt(token));
  }

  end(): void {
    if (this.#token !== "") throw this.#unexpected(this.#token);
  }

  #object(depth: number): PyDict {
    const object = new PyDict();
    if (this.#take("}")) return object;
    for (;;) {
      const key = this.#token;
      if (!key.startsWith('"')) throw this.#unexpected(key);
      this.#next();
      this.#expect(":");
      object.set(JSON.parse(key), this.value(depth + 1));
      if (this.#take("}")) return object;
      this.#expect(",");
    }
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    if (this.#take("]")) return array;
    for (;;) {
      array.push(this.value(depth + 1));
      if (this.#take("]")) return array;
      this.#expect(",");
    }
  }

  #next(): void {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) throw this.#unexpected(this.#text.charAt(this.#at));
    this.#at = TOKEN.lastIndex;
    this.#token = found[1] ?? "";
  }

  #take(token: string): boolean {
    if (this.#token !== token) return false;
    this.#next();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected(this.#token);
  }

  #unexpected(token: string): SyntaxError {
    return new SyntaxError(`unexpected ${token === "" ? "end" : `'${token}'`} at offset ${this.#at}`);
  }
}
