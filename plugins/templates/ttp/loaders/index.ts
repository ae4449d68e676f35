import { NetPulseError } from "../../../../src/errors/define.ts";
import { PythonSyntaxError, parseAssignments } from "../../../../src/python/literal/index.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { parseJson } from "../../../../src/python/values/json.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import type { FileLoader } from "../files.ts";
import { loadCsv } from "./csv.ts";
import { loadIni } from "./ini.ts";
import { loadYaml } from "./yaml.ts";

/** The attributes of a tag that say how its text is read. */
export interface LoadAttributes {
  /** python, yaml, json, ini, csv or text; python when absent. */
  readonly load?: string | undefined;
  /** A file whose text comes behind the tag's own. */
  readonly include?: string | undefined;
  /** csv: the column whose values are the keys. */
  readonly key?: string | undefined;
}

interface LoadContext {
  readonly files: FileLoader;
  readonly warn: (message: string) => void;
}

/**
 * Reads the text of a tag into a value: what `<vars>`, `<lookup>`, `<input>` and `<output>` hold. Undefined where there is nothing or
 * the text is not what the loader expects, which TTP only logs.
 */
export function loadStructure(
  text: string | null,
  attributes: LoadAttributes,
  context: LoadContext,
): unknown {
  const { include, key } = attributes;
  if ((text === null || text === "") && include === undefined) return undefined;
  const loader = (attributes.load ?? "python").toLowerCase();
  const own = text ?? "";
  if (loader === "text") return own;
  // Included ini files come first, so that the tag's own text is the more specific one.
  const included = include === undefined ? "" : includedText(include, context.files);
  if (loader === "ini") return attempt("INI", context, () => loadIni([included, own], context.warn));
  const whole = include === undefined ? own : `${own}${included}`;
  switch (loader) {
    case "python":
      return whole.trim() === "" ? new PyDict() : loadPython(whole, context);
    case "yaml":
      return attempt("YAML", context, () => loadYaml(whole)) ?? new PyDict();
    case "json":
      return attempt("JSON", context, () => parseJson(whole));
    case "csv":
      return loadCsv(whole, key);
    default:
      throw new PythonError("KeyError", `'${loader}'`);
  }
}

function includedText(path: string, files: FileLoader): string {
  return files
    .find(path)
    .map((datum) => `\n${files.read(datum)}`)
    .join("");
}

function loadPython(text: string, { warn }: LoadContext): unknown {
  try {
    return parseAssignments(text);
  } catch (error) {
    if (!(error instanceof PythonSyntaxError)) throw error;
    warn(`cannot read Python data: ${error.message}`);
    return undefined;
  }
}

function attempt(what: string, { warn }: LoadContext, load: () => unknown): unknown {
  try {
    return load();
  } catch (error) {
    if (error instanceof NetPulseError) throw error;
    if (error instanceof PythonError && error.kind !== "ValueError") throw error;
    warn(`cannot read ${what} data: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
