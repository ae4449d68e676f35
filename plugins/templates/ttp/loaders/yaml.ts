import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from "yaml";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { float, int } from "../../../../src/python/values/numbers.ts";

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Nodes that aliases may multiply one document into. */
const MAX_NODES = 1_000_000;

/** Reads one YAML document as PyYAML's `safe_load` does: YAML 1.1, any keys, order kept. Throws an Error that says where. */
export function loadYaml(text: string): unknown {
  // Failsafe leaves every scalar a text: which of them are numbers is PyYAML's to say.
  const document = parseDocument(text, {
    version: "1.1",
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  let nodes = 0;
  const read = (node: unknown): unknown => {
    nodes += 1;
    if (nodes > MAX_NODES) throw new RangeError(`the document has more than ${MAX_NODES} nodes`);
    if (isAlias(node)) return read(node.resolve(document));
    if (isSeq(node)) return node.items.map(read);
    if (isMap(node)) return readMap(node.items as { key: Node; value: Node | null }[], read);
    return isScalar(node) ? scalar(node) : null;
  };
  return read(document.contents);
}

/** Keys of `<<` come in where the map has not its own. */
function readMap(
  items: readonly { key: Node; value: Node | null }[],
  read: (node: unknown) => unknown,
): PyDict {
  const merged: unknown[] = [];
  const own = new PyDict();
  for (const { key, value } of items) {
    const isMerge = isScalar(key) && key.type === Scalar.PLAIN && key.value === "<<";
    if (isMerge) merged.push(read(value));
    else own.set(read(key), read(value));
  }
  if (merged.length === 0) return own;
  const all = new PyDict();
  for (const source of merged.flat())
    if (source instanceof PyDict) for (const [k, v] of source.items()) all.set(k, v);
  for (const [k, v] of own.items()) all.set(k, v);
  return all;
}

function scalar(node: Scalar): unknown {
  const text = typeof node.value === "string" ? node.value : "";
  if (node.tag !== undefined && node.tag !== "!" && !node.tag.endsWith(":str")) return plain(text);
  return node.type === Scalar.PLAIN && node.tag === undefined ? plain(text) : text;
}

function plain(text: string): unknown {
  if (NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return TRUE.test(text);
  if (INTEGER.test(text)) return integer(text.replaceAll("_", ""));
  return FLOAT.test(text) ? real(text.replaceAll("_", "").toLowerCase()) : text;
}

function integer(text: string): number | bigint {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "");
  let value: bigint;
  if (digits.includes(":")) value = BigInt(sexagesimal(digits));
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits}`);
  else value = BigInt(digits);
  return int(negative ? -value : value);
}

function real(text: string): unknown {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "");
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (digits === ".nan") return Number.NaN;
  return float(sign * (digits.includes(":") ? sexagesimal(digits) : Number(digits)));
}

function sexagesimal(digits: string): number {
  return digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Whether PyYAML reads this plain scalar as a text: not as null, boolean, number, date or merge key. */
export function loadsAsText(text: string): boolean {
  if (NULL.test(text) || BOOLEAN.test(text) || INTEGER.test(text) || FLOAT.test(text)) return false;
  return !TIMESTAMP.test(text) && text !== "<<" && text !== "=";
}

const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
