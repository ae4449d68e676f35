import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { NetPulseError } from "../errors/define.ts";
import { pluginErrors } from "../errors/plugin.ts";
import type { BaseDriver } from "./driver.ts";
import { PLUGIN_FOLDERS, type PluginFolder, type PluginLocation, scanPlugins } from "./folders.ts";
import {
  checkInstance,
  type ExportedPlugin,
  exportedPlugins,
  KINDS,
  type PluginKind,
  type PluginKinds,
} from "./kinds.ts";
import type { Logger, Plugin } from "./plugin.ts";
import { resolvePluginImports } from "./resolve.ts";
import type { BaseScheduler } from "./scheduler.ts";
import { pluginConfig } from "./section.ts";
import type { BaseTemplateParser, BaseTemplateRenderer } from "./template.ts";
import type { BaseWebHookCaller } from "./webhook.ts";

/** The plugins' own sections of `config/config.yaml`: `sections.drivers.netmiko` and so on. */
export type PluginSections = Readonly<Partial<Record<PluginFolder, Readonly<Record<string, unknown>>>>>;

export interface PluginRegistryOptions {
  /** Absolute paths, each with folders `drivers`, `templates`, `schedulers`, `webhooks`. Later ones override earlier ones. */
  readonly directories: readonly string[];
  readonly config?: PluginSections;
  readonly log: Logger;
  readonly random?: () => number;
  /** Told once about each plugin, or directory, that cannot be used; the caller makes the Event and counts it. */
  readonly onInvalid?: (folder: PluginFolder, location: string, reason: string) => void;
}

/** The directory of the plugins that come with NetPulse; the first of `directories`. */
export const BUILT_IN_PLUGINS = fileURLToPath(new URL("../../plugins", import.meta.url));

/**
 * Finds, imports and keeps plugins. Directories are scanned at the first access to a folder, a plugin is imported at its
 * first use, and there is one instance of each per process. A plugin that cannot be used is skipped with a log line and
 * `onInvalid`; all others go on working.
 *
 * @example
 * const registry = new PluginRegistry({ directories: [BUILT_IN_PLUGINS, "/etc/netpulse/plugins"], log });
 * const driver = await registry.driver("netmiko");
 */
export class PluginRegistry {
  private readonly options: PluginRegistryOptions;
  private readonly folders = new Map<PluginFolder, Map<string, PluginLocation>>();
  private readonly imports = new Map<string, Promise<readonly ExportedPlugin[]>>();
  private readonly instances = new Map<string, Promise<Plugin>>();

  constructor(options: PluginRegistryOptions) {
    this.options = options;
    resolvePluginImports();
  }

  driver(name: string): Promise<BaseDriver> {
    return this.get("driver", name);
  }

  renderer(name: string): Promise<BaseTemplateRenderer> {
    return this.get("renderer", name);
  }

  parser(name: string): Promise<BaseTemplateParser> {
    return this.get("parser", name);
  }

  scheduler(name: string): Promise<BaseScheduler> {
    return this.get("scheduler", name);
  }

  webhook(name: string): Promise<BaseWebHookCaller> {
    return this.get("webhook", name);
  }

  /**
   * The plugin's only instance.
   *
   * @throws PluginNotFound no directory has it (the message lists the known names)
   * @throws PluginInvalid its folder is there but cannot be used (the message says why)
   */
  get<K extends PluginKind>(kind: K, name: string): Promise<PluginKinds[K]> {
    const key = `${kind}/${name}`;
    let instance = this.instances.get(key);
    if (!instance) {
      instance = this.create(kind, name);
      this.instances.set(key, instance);
    }
    return instance as Promise<Plugin> as Promise<PluginKinds[K]>;
  }

  /** The names of all usable plugins of a kind, sorted. Imports them all. */
  async names(kind: PluginKind): Promise<readonly string[]> {
    const { folder } = KINDS[kind];
    const locations = [...this.locations(folder).values()];
    const exported = await Promise.all(locations.map((at) => this.exports(folder, at).catch(() => [])));
    const names = exported.flat().filter((plugin) => plugin.kind === kind);
    return [...new Set(names.map((plugin) => plugin.name))].toSorted();
  }

  /** The keys of the plugins' sections that name a plugin which is not there, such as `plugins.drivers.netmico`. */
  strayKeys(): string[] {
    return PLUGIN_FOLDERS.flatMap((folder) => {
      const names = Object.keys(this.options.config?.[folder] ?? {});
      return names
        .filter((name) => !this.locations(folder).has(name))
        .map((name) => `plugins.${folder}.${name}`);
    });
  }

  private async create(kind: PluginKind, name: string): Promise<Plugin> {
    const { folder } = KINDS[kind];
    const location = this.locations(folder).get(name);
    const exported = location ? await this.exports(folder, location) : [];
    const plugin = exported.find((candidate) => candidate.kind === kind);
    if (!location || !plugin) {
      const known = await this.names(kind);
      // Names come from users: one that is not there must not stay in memory.
      this.instances.delete(`${kind}/${name}`);
      throw pluginErrors.PluginNotFound({ kind, name, known });
    }
    try {
      return this.instantiate(plugin, `plugins.${folder}.${name}`, this.options.config?.[folder]?.[name]);
    } catch (error) {
      throw this.skip(folder, location.folder, error);
    }
  }

  private instantiate({ kind, pluginClass }: ExportedPlugin, key: string, section: unknown): Plugin {
    const { log, random = Math.random } = this.options;
    const instance = new pluginClass({ config: pluginConfig(pluginClass, key, section), log, random });
    checkInstance(kind, instance);
    return instance;
  }

  private locations(folder: PluginFolder): Map<string, PluginLocation> {
    const known = this.folders.get(folder);
    if (known) return known;

    const found = new Map<string, PluginLocation>();
    for (const location of this.options.directories.flatMap((directory) => this.scan(directory, folder))) {
      const earlier = found.get(location.name)?.folder;
      if (earlier) {
        const text = `Plugin ${location.name} of ${earlier} is overridden by ${location.folder}`;
        this.options.log.info({ plugin: location.folder, instead: earlier }, text);
      }
      found.set(location.name, location);
    }
    this.folders.set(folder, found);
    return found;
  }

  private scan(directory: string, folder: PluginFolder): PluginLocation[] {
    try {
      if (!existsSync(directory)) throw new Error("there is no such directory");
      return scanPlugins(directory, folder);
    } catch (error) {
      this.skip(folder, directory, error);
      return [];
    }
  }

  /** What a plugin's folder exports, imported once. */
  private exports(folder: PluginFolder, location: PluginLocation): Promise<readonly ExportedPlugin[]> {
    let imported = this.imports.get(location.folder);
    if (!imported) {
      imported = importPlugin(folder, location).catch((error: unknown) => {
        throw this.skip(folder, location.folder, error);
      });
      this.imports.set(location.folder, imported);
    }
    return imported;
  }

  private skip(folder: PluginFolder, location: string, error: unknown): NetPulseError {
    const reason = reasonOf(error);
    const invalid = pluginErrors.PluginInvalid({ folder: location, why: reason }, { cause: error });
    this.options.log.error({ plugin: location, reason }, invalid.message);
    this.options.onInvalid?.(folder, location, reason);
    return invalid;
  }
}

/** The message; for TypeScript that cannot be read, file and line as well, which Node puts on top of the stack. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [place = ""] = error.stack?.split("\n") ?? [];
  return /^\S+:\d+$/.test(place) ? `${place}: ${error.message}` : error.message;
}

async function importPlugin(
  folder: PluginFolder,
  location: PluginLocation,
): Promise<readonly ExportedPlugin[]> {
  if (!location.entry) throw new Error("it has no index.ts, index.js or index.mjs");
  const module: Record<string, unknown> = await import(pathToFileURL(location.entry).href);
  const exported = exportedPlugins(module, folder);
  if (exported.length === 0) throw new Error(`it exports no class that extends a base class for ${folder}`);

  const stranger = exported.find((plugin) => plugin.name !== location.name);
  if (stranger) {
    const { nameProperty } = KINDS[stranger.kind];
    throw new Error(`its ${nameProperty} is ${stranger.name}; folder and name must be the same`);
  }
  return exported;
}
