import { type Document, isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from "yaml";
import { float, fromJs, int, PyDict, PythonError, spend } from "../../../../src/python/values/index.ts";

/** A YAML text as Python values: `1.0` stays a float, keys may be of any kind. Throws PythonError (ValueError) with the place. */
export function fromYaml(text: string): unknown {
  return fromYamlAll(text)[0] ?? null;
}

/** The values of all documents of a YAML text. */
export function fromYamlAll(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: "1.1", intAsBigInt: true, uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) throw new PythonError("ValueError", `not YAML: ${error.message}`);
    return nodeValue(document.contents, document, 0);
  });
}

function nodeValue(node: unknown, document: Document, depth: number): unknown {
  // An alias is followed each time it stands somewhere, so its cost is charged each time too.
  spend();
  if (depth > 200) throw new PythonError("ValueError", "the YAML is nested too deeply");
  if (isAlias(node)) return nodeValue(node.resolve(document), document, depth + 1);
  if (isScalar(node)) return scalar(node.value);
  if (isSeq(node)) return node.items.map((item) => nodeValue(item, document, depth + 1));
  if (!isMap(node)) return null;
  const dict = new PyDict();
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const key = nodeValue(pair.key, document, depth + 1);
    const value = nodeValue(pair.value, document, depth + 1);
    if (key === "<<") merge(dict, value);
    else dict.set(key, value);
  }
  return dict;
}

/** `<<`: what is already there wins over what is merged in. */
function merge(dict: PyDict, source: unknown): void {
  for (const one of Array.isArray(source) ? source : [source]) {
    if (!(one instanceof PyDict)) continue;
    for (const [key, value] of one.items()) if (!dict.has(key)) dict.set(key, value);
  }
}

function scalar(value: unknown): unknown {
  if (typeof value === "bigint") return int(value);
  // All ints come as bigint, so a number is a float.
  if (typeof value === "number") return float(value);
  return typeof value === "symbol" ? "<<" : fromJs(value);
}
