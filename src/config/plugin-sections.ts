import { pathToFileURL } from "node:url";
import { PLUGIN_FOLDERS, type PluginFolder, scanPlugins } from "../plugin/folders.ts";
import { exportedPlugins } from "../plugin/kinds.ts";
import { type ConfigKey, pluginKeys } from "./reference.ts";

/** The keys of one plugin's own section. */
export interface PluginSectionKeys {
  /** Such as `plugins.webhooks.basic`. */
  readonly section: string;
  readonly keys: readonly ConfigKey[];
}

/** The sections of all plugins in a directory that have settings, from the `configSchema` of their classes. */
export async function pluginSectionKeys(directory: string): Promise<PluginSectionKeys[]> {
  const sections = await Promise.all(PLUGIN_FOLDERS.map((folder) => sectionsOf(directory, folder)));
  return sections.flat();
}

async function sectionsOf(directory: string, folder: PluginFolder): Promise<PluginSectionKeys[]> {
  const sections: PluginSectionKeys[] = [];
  for (const { name, entry } of scanPlugins(directory, folder)) {
    const module: Record<string, unknown> = entry ? await import(pathToFileURL(entry).href) : {};
    const schema = exportedPlugins(module, folder).find(({ pluginClass }) => pluginClass.configSchema)
      ?.pluginClass.configSchema;
    const path = ["plugins", folder, name];
    if (schema) sections.push({ section: path.join("."), keys: pluginKeys(schema, path) });
  }
  return sections;
}
