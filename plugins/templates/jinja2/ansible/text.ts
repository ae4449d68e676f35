import { createHash } from "node:crypto";
import { compile, escape as escapePattern, IGNORECASE, MULTILINE } from "../../../../src/python/re/index.ts";
import {
  fixedText,
  float,
  fromJs,
  isNumber,
  itemsOf,
  type PyDict,
  type PyNumber,
  PyTuple,
  REQUIRED,
  splitLines,
  str,
  textOf,
  toDouble,
  truth,
  typeError,
  typeName,
  valueError,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError, TemplateRuntimeError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";

/** The text of a value that must have one. */
function text(value: unknown): string {
  if (value instanceof Undefined) value.fail();
  return str(value);
}

const flags = (multiline: unknown, ignorecase: unknown): number =>
  (truth(multiline) ? MULTILINE : 0) | (truth(ignorecase) ? IGNORECASE : 0);

function regexReplace(
  _context: Context,
  value: unknown,
  pattern: unknown,
  replacement: unknown,
  ignorecase: unknown,
  multiline: unknown,
  count: unknown,
): unknown {
  return compile(text(pattern), flags(multiline, ignorecase)).sub(
    text(replacement),
    text(value),
    Number(count),
  );
}

/** The match, or with group names like `\\1` and `\\g<name>` a list of the groups; None without a match. */
const regexSearch: FilterFunction = (_context, value, args, kwargs) => {
  const [pattern, ...groups] = args.map(text);
  const re = compile(
    pattern ?? "",
    flags(kwargs?.get("multiline") ?? false, kwargs?.get("ignorecase") ?? false),
  );
  const match = re.search(text(value));
  if (!match) return null;
  if (groups.length === 0) return match.group(0);
  return groups.map((group) => {
    const named = /^\\g<(\S+)>$/.exec(group)?.[1];
    const number = /^\\(\d+)$/.exec(group)?.[1];
    if (named === undefined && number === undefined) throw new FilterArgumentError("Unknown argument");
    return match.group(named ?? Number(number));
  });
};

function regexFindAll(
  _context: Context,
  value: unknown,
  pattern: unknown,
  multiline: unknown,
  ignorecase: unknown,
) {
  const found = compile(text(pattern), flags(multiline, ignorecase)).findall(text(value));
  return found.map((item) => (Array.isArray(item) ? new PyTuple(item) : item));
}

function regexEscape(_context: Context, value: unknown, kind: unknown): unknown {
  if (kind === "python") return escapePattern(text(value));
  if (kind === "posix_basic") return text(value).replace(/[\].[^$*\\]/g, "\\$&");
  throw new FilterArgumentError(`Invalid regex type (${str(kind)})`);
}

const decode = (value: unknown): string => Buffer.from(text(value), "base64").toString("utf8");
const digest = (value: unknown, algorithm: string): string => {
  const known = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"].includes(algorithm);
  if (!known) throw new FilterArgumentError(`there is no hash ${algorithm}`);
  return createHash(algorithm).update(text(value)).digest("hex");
};

function toBool(_context: Context, value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  const word = textOf(value)?.toLowerCase();
  if (word !== undefined) return ["yes", "on", "1", "true"].includes(word);
  return isNumber(value) && toDouble(value) === 1;
}

function ternary(_context: Context, value: unknown, yes: unknown, no: unknown, none: unknown): unknown {
  if (value === null && none !== null) return none;
  return truth(value) ? yes : no;
}

function mandatory(_context: Context, value: unknown, message: unknown): unknown {
  if (!(value instanceof Undefined)) return value;
  const { name } = value.origin;
  const shown = name === undefined ? "" : `'${str(name)}' `;
  throw new TemplateRuntimeError(message === null ? `Mandatory variable ${shown}not defined.` : str(message));
}

function quote(_context: Context, value: unknown): unknown {
  const plain = value === null ? "" : text(value);
  if (plain === "") return "''";
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", `'"'"'`)}'`;
}

interface CommentStyle {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}
const COMMENTS: ReadonlyMap<string, CommentStyle> = new Map([
  ["plain", { decoration: "# " }],
  ["erlang", { decoration: "% " }],
  ["c", { decoration: "// " }],
  ["cblock", { beginning: "/*", decoration: " * ", end: " */" }],
  ["xml", { beginning: "<!--", decoration: " - ", end: "-->" }],
]);

/** The text as a comment, by default with `#`. */
const comment: FilterFunction = (_context, value, args, kwargs) => {
  const name = text(args[0] ?? kwargs?.get("style") ?? "plain");
  const style = COMMENTS.get(name);
  if (!style) throw new FilterArgumentError(`Invalid style '${name}'.`);
  const option = (key: string, fallback: string) => (kwargs?.has(key) ? text(kwargs.get(key)) : fallback);
  const decoration = option("decoration", style.decoration);
  const frame = decoration.trimEnd();
  const prefix = option("prefix", frame);
  const postfix = option("postfix", frame);
  const lines = text(value)
    .split("\n")
    .map((line) => (decoration + line).trimEnd());
  const around = (line: string, count: unknown) =>
    Array.from({ length: Math.min(Number(count), 100) }, () => line);
  const before = around(prefix, kwargs?.get("prefix_count") ?? 1);
  const after = around(postfix, kwargs?.get("postfix_count") ?? 1);
  const beginning = option("beginning", style.beginning ?? "");
  const end = option("end", style.end ?? "");
  return [
    ...(beginning === "" ? [] : [beginning]),
    ...before,
    ...lines,
    ...after,
    ...(end === "" ? [] : [end]),
  ].join("\n");
};

function baseName(_context: Context, value: unknown): unknown {
  const path = text(value);
  return path.slice(path.lastIndexOf("/") + 1);
}

function directoryName(_context: Context, value: unknown): unknown {
  const path = text(value);
  const head = path.slice(0, path.lastIndexOf("/") + 1);
  return /^\/+$/.test(head) ? head : head.replace(/\/+$/, "");
}

function splitExtension(_context: Context, value: unknown): unknown {
  const path = text(value);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const at = dot > 0 && /[^.]/.test(name.slice(0, dot)) ? path.length - name.length + dot : path.length;
  return PyTuple.of(path.slice(0, at), path.slice(at));
}

function urlSplit(_context: Context, value: unknown, part: unknown): unknown {
  const match = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(
    text(value),
  );
  const [, scheme = "", netloc = "", path = "", query = "", fragment = ""] = match ?? [];
  const user = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(netloc);
  const parts = fromJs({
    fragment,
    hostname: user?.[3]?.replace(/^\[|\]$/g, "").toLowerCase() || null,
    netloc,
    password: user?.[2] ?? null,
    path,
    port: user?.[4] === undefined ? null : Number(user[4]),
    query,
    scheme: scheme.toLowerCase(),
    username: user?.[1] ?? null,
  }) as PyDict;
  const wanted = str(part);
  if (wanted === "") return parts;
  if (!parts.has(wanted)) throw new FilterArgumentError(`urlsplit: unknown URL component: ${wanted}`);
  return parts.get(wanted);
}

const SIZES = ["Y", "Z", "E", "P", "T", "G", "M", "K", "B"] as const;
const sizeOf = (unit: string): number => 1024 ** (SIZES.length - 1 - SIZES.indexOf(unit as "B"));

function humanReadable(_context: Context, value: unknown, isBits: unknown, unit: unknown): unknown {
  const bytes = isNumber(value) ? toDouble(value) : Number(text(value));
  if (Number.isNaN(bytes)) throw new FilterArgumentError("human_readable() needs a number");
  const wanted = unit === null ? undefined : str(unit).slice(0, 1).toUpperCase();
  const chosen = SIZES.find((s) => (wanted === undefined ? bytes >= sizeOf(s) : s === wanted)) ?? "B";
  const base = truth(isBits) ? "bits" : "Bytes";
  const suffix = chosen === "B" ? base : `${chosen}${truth(isBits) ? "b" : "B"}`;
  return `${fixedText(bytes / sizeOf(chosen), 2)} ${suffix}`;
}

function humanToBytes(_context: Context, value: unknown, fallback: unknown, isBits: unknown): unknown {
  const match = /^\s*(\d*\.?\d+)\s*([A-Za-z]+)?\s*$/.exec(text(value));
  const unit = (match?.[2] ?? (fallback === null ? "B" : str(fallback))).slice(0, 1).toUpperCase();
  if (!match || !SIZES.includes(unit as "B")) {
    throw new FilterArgumentError(`human_to_bytes() can't interpret following string: ${text(value)}`);
  }
  const suffix = match[2] ?? "";
  if (
    suffix.length > 1 &&
    suffix.toLowerCase() !== (unit === "B" ? (truth(isBits) ? "bits" : "bytes") : `${unit}b`.toLowerCase())
  ) {
    throw new FilterArgumentError(`human_to_bytes() failed to convert ${text(value)}`);
  }
  return Math.round(Number(match[1]) * sizeOf(unit));
}

/** A random number or item that a seed decides: the same seed, the same choice. */
function seededRandom(
  context: Context,
  value: unknown,
  start: unknown,
  step: unknown,
  seed: unknown,
): unknown {
  if (seed === null)
    throw new FilterArgumentError("random needs a seed here: random(seed=inventory_hostname)");
  const draw = createHash("sha256").update(str(seed)).digest().readUIntBE(0, 6);
  if (isNumber(value)) {
    const from = start === null ? 0 : Number(start);
    const by = step === null ? 1 : Number(step);
    const count = Math.ceil((Number(value) - from) / by);
    if (!(count > 0)) throw valueError("empty range for random");
    return from + (draw % count) * by;
  }
  const items = itemsOf(value);
  return items.length === 0
    ? context.environment.undefined({ hint: "No random item, sequence was empty." })
    : items[draw % items.length];
}

function numberOf(value: unknown): number {
  if (!isNumber(value)) throw typeError(`must be real number, not ${typeName(value)}`);
  return toDouble(value as PyNumber);
}

function logarithm(_context: Context, value: unknown, base: unknown): unknown {
  const given = numberOf(value);
  if (given <= 0) throw valueError("math domain error");
  const by = base === null ? Math.E : numberOf(base);
  if (by === 10) return float(Math.log10(given));
  return float(
    by === Math.E ? Math.log(given) : by === 2 ? Math.log2(given) : Math.log(given) / Math.log(by),
  );
}

const refused =
  (name: string, why: string): FilterFunction =>
  () => {
    throw new FilterArgumentError(`${name} is not supported: ${why}`);
  };

const hashFilter = (algorithm: string): FilterFunction => filter({}, (_c, value) => digest(value, algorithm));

/** Ansible's filters on texts and numbers, by name. */
export const ANSIBLE_TEXT_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  [
    "regex_replace",
    filter({ pattern: "", replacement: "", ignorecase: false, multiline: false, count: 0 }, regexReplace),
  ],
  ["regex_search", regexSearch],
  ["regex_findall", filter({ regex: REQUIRED, multiline: false, ignorecase: false }, regexFindAll)],
  ["regex_escape", filter({ re_type: "python" }, regexEscape)],
  ["b64encode", filter({ encoding: "utf-8" }, (_c, value) => Buffer.from(text(value)).toString("base64"))],
  ["b64decode", filter({ encoding: "utf-8" }, (_c, value) => decode(value))],
  ["hash", filter({ hashtype: "sha1" }, (_c, value, algorithm) => digest(value, str(algorithm)))],
  ["md5", hashFilter("md5")],
  ["sha1", hashFilter("sha1")],
  ["checksum", hashFilter("sha1")],
  ["bool", filter({}, toBool)],
  ["ternary", filter({ true_val: REQUIRED, false_val: REQUIRED, none_val: null }, ternary)],
  ["mandatory", filter({ msg: null }, mandatory)],
  ["quote", filter({}, quote)],
  ["comment", comment],
  ["basename", filter({}, baseName)],
  ["dirname", filter({}, directoryName)],
  ["splitext", filter({}, splitExtension)],
  ["urlsplit", filter({ query: "" }, urlSplit)],
  ["human_readable", filter({ isbits: false, unit: null }, humanReadable)],
  ["human_to_bytes", filter({ default_unit: null, isbits: false }, humanToBytes)],
  [
    "random",
    filter({ end: null, start: null, step: null, seed: null }, (c, v, _end, a, b, s) =>
      seededRandom(c, v, a, b, s),
    ),
  ],
  ["type_debug", filter({}, (_c, value) => typeName(value))],
  ["log", filter({ base: null }, logarithm)],
  ["pow", filter({ power: REQUIRED }, (_c, value, power) => float(numberOf(value) ** numberOf(power)))],
  ["root", filter({ base: 2 }, (_c, value, base) => float(rootOf(numberOf(value), numberOf(base))))],
  ["splitlines", filter({}, (_c, value) => splitLines(text(value)))],
  [
    "split",
    filter({ sep: null, maxsplit: -1 }, (c, v, sep, max) =>
      c.environment.call(c.environment.getattr(text(v), "split"), [sep, max], undefined),
    ),
  ],
  ["shuffle", refused("shuffle", "a template that is rendered twice must give the same text twice")],
  ["password_hash", refused("password_hash", "put the hash itself into the variables")],
  ["vault", refused("vault", "templates never see keys")],
  ["unvault", refused("unvault", "templates never see keys")],
  ["fileglob", refused("fileglob", "templates never see files")],
  ["expandvars", refused("expandvars", "templates never see the environment")],
  ["expanduser", refused("expanduser", "templates never see files")],
  ["realpath", refused("realpath", "templates never see files")],
  ["json_query", refused("json_query", "use selectattr, map and attribute paths")],
]);

const rootOf = (value: number, base: number): number => (base === 2 ? Math.sqrt(value) : value ** (1 / base));
