import { PyDict } from "../../../../src/python/values/dict.ts";
import { attributeError } from "../../../../src/python/values/python-error.ts";
import { str } from "../../../../src/python/values/text.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { compareText } from "../../../../src/python/values/unicode.ts";
import { dictToList, pathOf, traverse } from "../functions/traverse.ts";
import type { Output } from "../output.ts";

/** The results as rows of equal length, the headings first: by the output's `headers`, or all keys in order of the alphabet. */
export function resultTable(results: unknown, output: Output): unknown[][] {
  const { attributes } = output;
  const path = pathOf(attributes.get("path") ?? []);
  const strict = attributes.has("strict") ? truth(attributes.get("strict")) : true;
  const missing = attributes.has("missing") ? attributes.get("missing") : "";
  const key = attributes.get("key") ?? "";
  const rows = rowsOf(results, path, strict, key);
  const given = attributes.get("headers");
  const headings = truth(given ?? null) ? [...(given as unknown[])] : allKeys(rows);
  return [
    headings,
    ...rows.map((row) => headings.map((heading) => (row.has(heading) ? row.get(heading) : missing))),
  ];
}

function rowsOf(results: unknown, path: readonly unknown[], strict: boolean, key: unknown): PyDict[] {
  const sources: unknown[] = Array.isArray(results) ? results : results instanceof PyDict ? [results] : [];
  const rows = sources.flatMap((source) => {
    const item = traverse(source, path, strict);
    if (!truth(item)) return [];
    if (item instanceof PyDict && truth(key)) {
      const list = dictToList(item, key, null, false);
      return list instanceof PyDict ? [...list.keys()] : (list as unknown[]);
    }
    return Array.isArray(item) || item instanceof PyDict ? item : [];
  });
  return rows.map(asRow);
}

function asRow(row: unknown): PyDict {
  if (!(row instanceof PyDict)) throw attributeError(`'${typeName(row)}' object has no attribute 'keys'`);
  return row;
}

function allKeys(rows: readonly PyDict[]): unknown[] {
  const keys = new Set(rows.flatMap((row) => [...row.keys()]));
  return [...keys].toSorted((a, b) => compareText(str(a), str(b)));
}
