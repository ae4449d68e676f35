import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { ttpErrors } from "../../../src/errors/ttp.ts";
import { compile } from "../../../src/python/re/index.ts";

/** A piece of input: text, or a file that is read when it is parsed, or data that an input macro turns into text. */
export type Datum =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "data"; readonly value: unknown };

interface FolderOptions {
  /** The folder that `ttp://` templates and templates named by a path are in. */
  readonly templates?: string;
  /** The only folder that other files are read from; relative paths are relative to it. Absent: no files at all. */
  readonly base?: string;
}

/** Longer texts are templates or input, never paths. */
const MAX_PATH = 1024;

/** Reads files for templates: from the folder of templates and the base folder, and never from elsewhere. */
export class FileLoader {
  readonly #templates: string | undefined;
  readonly #base: string | undefined;

  constructor({ templates, base }: FolderOptions) {
    this.#templates = templates;
    this.#base = base;
  }

  /** The folder of templates, where one is configured. */
  get templatesFolder(): string | undefined {
    return this.#templates;
  }

  /** A template by `ttp://` path or by file path; anything else is the template itself. Throws `TtpFileRefused`. */
  template(textOrPath: string): string {
    const [first] = this.find(textOrPath);
    return first === undefined ? "" : this.read(first);
  }

  /**
   * What a path names: the files of a folder, one file, or the text itself where there is no such file.
   * `extensions` and `filters` (regular expressions) choose among a folder's files.
   */
  find(path: string, extensions: readonly string[] = [], filters: readonly string[] = []): Datum[] {
    if (path.startsWith("ttp://"))
      return [{ kind: "text", text: this.#libraryTemplate(path.replaceAll("ttp://", "")) }];
    const place = this.#place(path);
    if (place === undefined) return [{ kind: "text", text: path }];
    if (!statSync(place).isDirectory()) return [{ kind: "file", path: place }];
    return readdirSync(place)
      .filter((name) => lstatSync(join(place, name)).isFile())
      .filter((name) => extensions.length === 0 || extensions.includes(name.split(".").at(-1) ?? ""))
      .filter((name) => filters.every((filter) => compile(filter).search(name) !== null))
      .map((name) => ({ kind: "file", path: join(place, name) }));
  }

  /** The text of a piece of input. Line ends become `\n`, as Python reads text files. */
  read(datum: Datum): string {
    if (datum.kind === "text") return datum.text;
    if (datum.kind === "data") return "";
    return readFileSync(datum.path, "utf8").replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  }

  #libraryTemplate(path: string): string {
    if (this.#templates === undefined)
      throw ttpErrors.TtpFileRefused({ path: `ttp://${path}`, option: "library" });
    const found = inside(this.#templates, path);
    if (found === undefined)
      throw ttpErrors.TtpTemplateInvalid({ what: `there is no template ttp://${path} in the library` });
    return this.read({ kind: "file", path: found });
  }

  /** The real path of an existing file or folder that may be read. */
  #place(path: string): string | undefined {
    if (path === "" || path.length > MAX_PATH || path.includes("\n") || path.includes("\0")) return undefined;
    for (const folder of [this.#base, this.#templates]) {
      const found = folder === undefined ? undefined : inside(folder, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The real path of `path` where it exists below `folder`, also after following links.. */
function inside(folder: string, path: string): string | undefined {
  const wanted = isAbsolute(path) ? path : resolve(folder, path);
  const root = realpathOf(folder);
  const real = realpathOf(wanted);
  if (root === undefined || real === undefined) return undefined;
  const way = relative(root, real);
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return real;
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
