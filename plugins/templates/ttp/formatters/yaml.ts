import { PyDict } from "../../../../src/python/values/dict.ts";
import { sorted } from "../../../../src/python/values/list-methods.ts";
import { floatText, isFloat, toDouble } from "../../../../src/python/values/numbers.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { str } from "../../../../src/python/values/text.ts";
import { PyTuple } from "../../../../src/python/values/tuple.ts";
import { loadsAsText } from "../loaders/yaml.ts";
import { analyse } from "./yaml-scalar.ts";
import { YamlWriter } from "./yaml-writer.ts";

/** Longer keys get a line of their own. */
const MAX_SIMPLE_KEY = 127;

/** PyYAML's `dump(value, default_flow_style=False)`: sorted keys, one item a line, repeated objects as aliases. */
export function dumpYaml(value: unknown): string {
  const emitter = new YamlEmitter(repeated(value));
  return emitter.document(value);
}

class YamlEmitter {
  readonly #writer = new YamlWriter();
  readonly #anchors: ReadonlyMap<object, string>;
  readonly #written = new Set<object>();

  constructor(anchors: ReadonlyMap<object, string>) {
    this.#anchors = anchors;
  }

  document(value: unknown): string {
    this.#node(value, "root");
    this.#writer.endLine();
    const bare = this.#writer.text;
    return typeof value !== "object" || value === null ? `${bare}...\n` : bare;
  }

  #node(value: unknown, context: "root" | "sequence" | "mapping" | "key"): void {
    const items = value instanceof PyTuple ? [...value.items] : value;
    if (typeof items === "object" && items !== null && this.#alias(items)) return;
    if (Array.isArray(items)) this.#sequence(items, context === "mapping" && !this.#writer.atIndention);
    else if (items instanceof PyDict) this.#mapping(items);
    else this.#scalar(items, context === "key");
  }

  /** Writes an alias or anchor; true when the object itself need not follow. */
  #alias(value: object): boolean {
    const anchor = this.#anchors.get(value);
    if (anchor === undefined) return false;
    const known = this.#written.has(value);
    this.#writer.indicator(`${known ? "*" : "&"}${anchor}`, true);
    this.#written.add(value);
    return known;
  }

  #sequence(items: readonly unknown[], indentless: boolean): void {
    if (items.length === 0) {
      this.#writer.indicator("[]", true);
      return;
    }
    this.#writer.indented(indentless, () => {
      for (const item of items) {
        this.#writer.newLine();
        this.#writer.indicator("-", true, true);
        this.#node(item, "sequence");
      }
    });
  }

  #mapping(dict: PyDict): void {
    if (dict.size === 0) {
      this.#writer.indicator("{}", true);
      return;
    }
    this.#writer.indented(false, () => {
      for (const [key, item] of sortedItems(dict)) {
        this.#writer.newLine();
        const simple = isSimpleKey(key);
        if (!simple) this.#writer.indicator("?", true, true);
        this.#node(key, simple ? "key" : "mapping");
        if (!simple) this.#writer.newLine();
        this.#writer.indicator(":", !simple, !simple);
        this.#node(item, "mapping");
      }
    });
  }

  #scalar(value: unknown, isKey: boolean): void {
    const writer = this.#writer;
    if (typeof value !== "string") {
      writer.indented(false, () => writer.plain(plainText(value), !isKey));
      return;
    }
    const style = analyse(value);
    const plain = style.plain && value !== "" && loadsAsText(value);
    writer.indented(false, () => {
      if (plain) writer.plain(value, !isKey);
      else if (style.single && !(isKey && style.multiline)) writer.singleQuoted(value, !isKey);
      else writer.doubleQuoted(value, !isKey);
    });
  }
}

function isSimpleKey(key: unknown): boolean {
  if (typeof key === "string") return key !== "" && key.length <= MAX_SIMPLE_KEY && !key.includes("\n");
  return !(Array.isArray(key) || key instanceof PyTuple || key instanceof PyDict);
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (!isFloat(value)) return str(value);
  const number = toDouble(value);
  if (Number.isNaN(number)) return ".nan";
  if (!Number.isFinite(number)) return number < 0 ? "-.inf" : ".inf";
  const text = floatText(number);
  return text.includes(".") ? text : text.replace("e", ".0e");
}

function sortedItems(dict: PyDict): [unknown, unknown][] {
  const items = [...dict.items()];
  try {
    return sorted(items, (item) => (item as [unknown, unknown])[0]) as [unknown, unknown][];
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return items;
  }
}

/** Lists and dictionaries that stand in several places, with the names that PyYAML gives them. */
function repeated(value: unknown): Map<object, string> {
  const seen = new Set<object>();
  const anchors = new Map<object, string>();
  const visit = (item: unknown): void => {
    if (!(Array.isArray(item) || item instanceof PyDict)) return;
    if (seen.has(item)) {
      if (!anchors.has(item)) anchors.set(item, `id${String(anchors.size + 1).padStart(3, "0")}`);
      return;
    }
    seen.add(item);
    const children = Array.isArray(item) ? item : sortedItems(item).map(([, child]) => child);
    for (const child of children) visit(child);
  };
  visit(value);
  return anchors;
}
