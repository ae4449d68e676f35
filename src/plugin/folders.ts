import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The folders of a plugin directory, one for each type; renderers and parsers share `templates`. */
export const PLUGIN_FOLDERS = ["drivers", "templates", "schedulers", "webhooks"] as const;
export type PluginFolder = (typeof PLUGIN_FOLDERS)[number];

/** Where a plugin lies, before anything of it was imported. */
export interface PluginLocation {
  /** The folder's name, which is the plugin's name as well. */
  readonly name: string;
  readonly folder: string;
  /** The file to import; absent when the folder has none, which makes the plugin invalid. */
  readonly entry?: string;
}

const ENTRY_FILES = ["index.ts", "index.js", "index.mjs"];

/** The plugin folders under `<directory>/<folder>`, by name. A directory without that folder has none. */
export function scanPlugins(directory: string, folder: PluginFolder): PluginLocation[] {
  const root = join(directory, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => !name.startsWith(".") && name !== "node_modules")
    .filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory())
    .map((name) => locate(name, join(root, name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function locate(name: string, folder: string): PluginLocation {
  const file = ENTRY_FILES.find((candidate) => existsSync(join(folder, candidate)));
  return file ? { name, folder, entry: join(folder, file) } : { name, folder };
}
