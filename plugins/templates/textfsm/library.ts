import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { type CommandTable, parseCommand } from "./clitable.ts";
import { type Attributes, type CommandIndex, type IndexRow, parseIndex } from "./command-index.ts";
import { TemplateFileMissing } from "./errors.ts";
import { parseTemplate, type Template, type TemplateOptions } from "./template.ts";

/**
 * A folder of templates with an `index` file, as ntc-templates is. What was read is kept and read again when its file
 * changes.
 *
 * @example
 * const library = new TemplateLibrary("/opt/ntc-templates/ntc_templates/templates");
 * library.parse("cisco_ios", "sh ip int br", output).table.toObjects();
 */
export class TemplateLibrary {
  readonly folder: string;
  readonly #indexName: string;
  readonly #options: TemplateOptions;
  readonly #templates = new Map<string, Kept<Template>>();
  #index: Kept<CommandIndex> | undefined;

  constructor(folder: string, indexName = "index", options: TemplateOptions = {}) {
    this.folder = resolve(folder);
    this.#indexName = indexName;
    this.#options = options;
  }

  get index(): CommandIndex {
    const path = this.#path(this.#indexName);
    const stamp = stampOf(path, this.#indexName);
    if (this.#index?.stamp !== stamp) this.#index = { stamp, value: parseIndex(readFileSync(path, "utf8")) };
    return this.#index.value;
  }

  /** A template by file name; throws `TemplateFileMissing`. */
  template(name: string): Template {
    const path = this.#path(name);
    const stamp = stampOf(path, name);
    let kept = this.#templates.get(name);
    if (kept?.stamp !== stamp) {
      kept = { stamp, value: parseTemplate(readFileSync(path, "utf8"), this.#options) };
      this.#templates.set(name, kept);
    }
    return kept.value;
  }

  /** The index row for a command, abbreviated or not; undefined when there is none. */
  find(platform: string, command: string): IndexRow | undefined {
    return this.index.find({ Command: command, Platform: platform });
  }

  /** Parses a command's output with the templates of its index row; throws `CliTableError` when there is none. */
  parse(platform: string, command: string, input: string): CommandTable {
    return this.parseWith({ Command: command, Platform: platform }, input);
  }

  /** The same with any columns of the index, or with templates (`a:b`) instead of a look-up. */
  parseWith(attributes: Attributes, input: string, templates?: string): CommandTable {
    return parseCommand({ input, attributes, templates }, this.index, (name) => this.template(name));
  }

  /** An index names files of its own folder, no others. */
  #path(name: string): string {
    const path = join(this.folder, name);
    const inside = relative(this.folder, path);
    if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) throw new TemplateFileMissing(name);
    return path;
  }
}

interface Kept<T> {
  readonly stamp: string;
  readonly value: T;
}

/** The places where the templates of a folder or of an installed ntc-templates can be. */
const SUBFOLDERS = ["", "templates", join("ntc_templates", "templates")];

/** The folder of templates in `given`, which may also be the checkout or package around it; undefined when there is none. */
export function findLibraryFolder(given: string): string | undefined {
  return SUBFOLDERS.map((sub) => join(given, sub)).find((folder) => existsSync(join(folder, "index")));
}

function stampOf(path: string, name: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    throw new TemplateFileMissing(name, { cause: error });
  }
}
