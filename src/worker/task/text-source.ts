import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { jobErrors } from "../../errors/job.ts";
import { type ApiClient, configMaps, isNotFound } from "../../runtime/index.ts";

/** Where a template or its context comes from, as a NetJob names it. */
export interface TextSource {
  readonly configMapRef?: { readonly name: string; readonly key: string } | undefined;
  readonly libraryRef?: { readonly name: string; readonly path: string } | undefined;
}

export interface SourceText {
  /** For messages: `ConfigMap ntp/base.j2`, `library site/base.j2`. */
  readonly name: string;
  readonly text: string;
  /** What stands beside it, by the names under which templates include each other. */
  readonly siblings: Readonly<Record<string, string>>;
  readonly library?: string;
}

/** Reads texts that jobs refer to: ConfigMaps of the namespace and folders that the configuration names. */
export class TextSources {
  readonly #client: Pick<ApiClient, "get">;
  readonly #namespace: string;
  readonly #libraries: Readonly<Record<string, string>>;

  constructor(
    client: Pick<ApiClient, "get">,
    namespace: string,
    libraries: Readonly<Record<string, string>>,
  ) {
    this.#client = client;
    this.#namespace = namespace;
    this.#libraries = libraries;
  }

  /** @throws TemplateNotFound naming what does not exist */
  async read(source: TextSource): Promise<SourceText> {
    if (source.configMapRef) return this.#fromConfigMap(source.configMapRef);
    if (source.libraryRef) return this.#fromLibrary(source.libraryRef);
    throw jobErrors.TemplateNotFound({ source: "a source without configMapRef and libraryRef" });
  }

  /** The folder of a library, if the configuration names it. */
  library(name: string): string | undefined {
    return Object.hasOwn(this.#libraries, name) ? this.#libraries[name] : undefined;
  }

  async #fromConfigMap({ name, key }: { name: string; key: string }): Promise<SourceText> {
    const source = `ConfigMap ${name}/${key}`;
    try {
      const { data = {} } = await this.#client.get(configMaps, this.#namespace, name);
      const text = Object.hasOwn(data, key) ? data[key] : undefined;
      if (text === undefined) throw jobErrors.TemplateNotFound({ source: `key ${key} of ConfigMap ${name}` });
      return { name: source, text, siblings: data };
    } catch (error) {
      if (isNotFound(error)) throw jobErrors.TemplateNotFound({ source: `ConfigMap ${name}` });
      throw error;
    }
  }

  async #fromLibrary({ name, path }: { name: string; path: string }): Promise<SourceText> {
    const source = `library ${name}/${path}`;
    const folder = this.library(name);
    if (folder === undefined)
      throw jobErrors.TemplateNotFound({ source: `library ${name} (templates.libraries in config.yaml)` });
    try {
      const root = await realpath(folder);
      const file = await realpath(join(root, path));
      // A link or .. must not lead out of the library: it may lie beside other people's files.
      if (!file.startsWith(root + sep)) throw jobErrors.TemplateNotFound({ source });
      return { name: source, text: await readFile(file, "utf8"), siblings: {}, library: root };
    } catch (error) {
      if (isMissing(error)) throw jobErrors.TemplateNotFound({ source });
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
