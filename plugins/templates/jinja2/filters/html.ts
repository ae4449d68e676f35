import {
  dumpJson,
  iterate,
  PyDict,
  quoteText,
  str,
  textOf,
  truth,
  typeError,
  unpack,
  valueError,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { escaped, escapeText, Markup, stripTags } from "../markup.ts";
import { Undefined } from "../undefined.ts";
import { urlize } from "./urlize.ts";

function toJson(_context: Context, value: unknown, indent: unknown): unknown {
  if (value instanceof Undefined) throw typeError("Object of type Undefined is not JSON serializable");
  const text = dumpJson(value, { sortKeys: true, indent: indent === null ? null : Number(indent) });
  const safe = text
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("'", "\\u0027");
  return new Markup(safe);
}

/** Python's `quote_via(text, safe="/")`. */
function quoteUrl(text: string, safe: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]|%2F/g, (found) => {
    if (found === "%2F") return safe.includes("/") ? "/" : found;
    return `%${found.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function urlEncode(_context: Context, value: unknown): unknown {
  const text = textOf(value);
  if (text !== undefined) return quoteUrl(text, "/");
  if (value instanceof PyDict) return query(value.items());
  let pairs: Iterable<unknown>;
  try {
    pairs = iterate(value);
  } catch {
    return quoteUrl(str(value), "/");
  }
  return query(pairs);
}

function query(pairs: Iterable<unknown>): string {
  const parts: string[] = [];
  for (const pair of pairs) {
    const [key, value] = unpack(pair, 2);
    parts.push(`${part(key)}=${part(value)}`);
  }
  return parts.join("&");
}

const part = (value: unknown): string => quoteUrl(str(value), "").replaceAll("%20", "+");

function xmlAttributes(context: Context, value: unknown, autospace: unknown): unknown {
  if (!(value instanceof PyDict)) throw typeError("xmlattr needs a mapping");
  const items: string[] = [];
  for (const [key, item] of value.items()) {
    if (item === null || item instanceof Undefined) continue;
    const name = str(key);
    if (/[\s/>=]/.test(name)) throw valueError(`Invalid character in attribute name: ${quoteText(name)}`);
    items.push(`${escapeText(name)}="${escaped(item).text}"`);
  }
  const text = items.join(" ");
  const out = truth(autospace) && text !== "" ? ` ${text}` : text;
  return context.autoescape ? new Markup(out) : out;
}

const escapeFilter = filter({}, (_c, value) => escaped(value));

/** Filters about HTML, JSON and URLs, by name. */
export const HTML_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ["escape", escapeFilter],
  ["e", escapeFilter],
  ["forceescape", filter({}, (_c, value) => new Markup(escapeText(str(value))))],
  ["safe", filter({}, (_c, value) => new Markup(str(value)))],
  ["striptags", filter({}, (_c, value) => stripTags(str(value)))],
  ["tojson", filter({ indent: null }, toJson)],
  ["urlencode", filter({}, urlEncode)],
  [
    "urlize",
    filter({ trim_url_limit: null, nofollow: false, target: null, rel: null, extra_schemes: null }, urlize),
  ],
  ["xmlattr", filter({ autospace: true }, xmlAttributes)],
]);
