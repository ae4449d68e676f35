import { readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { Loader } from "../environment.ts";

/** Templates in a map by name: what a ConfigMap holds. */
export class MapLoader implements Loader {
  readonly #templates: ReadonlyMap<string, string>;

  constructor(templates: Readonly<Record<string, string>>) {
    this.#templates = new Map(Object.entries(templates));
  }

  load(name: string): string | undefined {
    return this.#templates.get(name);
  }
}

/** Templates in a folder by their path in it. Neither `..` nor a symbolic link leads out of the folder. */
export class FolderLoader implements Loader {
  readonly #folder: string;

  /** Throws when the folder does not exist. */
  constructor(folder: string) {
    this.#folder = realpathSync(folder);
  }

  load(name: string): string | undefined {
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.some((part) => part === ".." || part.includes("\\") || part.includes("\0"))) return undefined;
    try {
      const path = realpathSync(join(this.#folder, ...parts));
      if (!path.startsWith(this.#folder + sep)) return undefined;
      return readFileSync(path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && ABSENT.has(String(error.code))) return undefined;
      throw error;
    }
  }
}

const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG"]);

/** The first of several loaders that has a template. */
export class ChoiceLoader implements Loader {
  readonly #loaders: readonly Loader[];

  constructor(loaders: readonly Loader[]) {
    this.#loaders = loaders;
  }

  load(name: string): string | undefined {
    for (const loader of this.#loaders) {
      const source = loader.load(name);
      if (source !== undefined) return source;
    }
    return undefined;
  }
}
