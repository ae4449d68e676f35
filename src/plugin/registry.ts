import { pathToFileURL } from "node:url";
import type { NetPulseError } from "../errors/define.ts";
import { pluginErrors } from "../errors/plugin.ts";
import type { BaseDriver } from "./driver.ts";
import { type PluginFolder, type PluginLocation, scanPlugins } from "./folders.ts";
import { type ExportedPlugin, exportedPlugins, KINDS, type PluginKind, type PluginKinds } from "./kinds.ts";
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
  /** Told once about each plugin that cannot be used; the caller makes the Event and counts it. */
  readonly onInvalid?: (folder: PluginFolder, location: string, reason: string) => void;
}

/** The directory of the plugins that come with NetPulse; the first of `directories`. */
export const BUILT_IN_PLUGINS = new URL("../../plugins", import.meta.url).pathname;

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
    const exported = await Promise.all(
      [...this.locations(folder).values()].map((at) => this.exports(folder, at)),
    );
    const names = exported.flat().filter((plugin) => plugin.kind === kind);
    return [...new Set(names.map((plugin) => plugin.name))].toSorted();
  }

  private async create(kind: PluginKind, name: string): Promise<Plugin> {
    const { folder } = KINDS[kind];
    const location = this.locations(folder).get(name);
    if (!location) throw pluginErrors.PluginNotFound({ kind, name, known: await this.names(kind) });

    const plugin = (await this.exports(folder, location, "report")).find(
      (exported) => exported.kind === kind,
    );
    if (!plugin) throw pluginErrors.PluginNotFound({ kind, name, known: await this.names(kind) });
    try {
      const config = pluginConfig(
        plugin.pluginClass,
        `plugins.${folder}.${name}`,
        this.options.config?.[folder]?.[name],
      );
      return new plugin.pluginClass({
        config,
        log: this.options.log,
        random: this.options.random ?? Math.random,
      });
    } catch (error) {
      throw this.skip(folder, location, error);
    }
  }

  private locations(folder: PluginFolder): Map<string, PluginLocation> {
    const known = this.folders.get(folder);
    if (known) return known;

    const found = new Map<string, PluginLocation>();
    for (const location of this.options.directories.flatMap((directory) => scanPlugins(directory, folder))) {
      const earlier = found.get(location.name);
      if (earlier) {
        const fields = { plugin: location.folder, instead: earlier.folder };
        this.options.log.info(
          fields,
          `Plugin ${location.name} of ${earlier.folder} is overridden by ${location.folder}`,
        );
      }
      found.set(location.name, location);
    }
    this.folders.set(folder, found);
    return found;
  }

  /** What a plugin's folder exports. An invalid one exports nothing, or throws where its user is to hear the reason. */
  private async exports(
    folder: PluginFolder,
    location: PluginLocation,
    ifInvalid: "skip" | "report" = "skip",
  ): Promise<readonly ExportedPlugin[]> {
    let imported = this.imports.get(location.folder);
    if (!imported) {
      imported = importPlugin(folder, location).catch((error: unknown) => {
        throw this.skip(folder, location, error);
      });
      this.imports.set(location.folder, imported);
    }
    return ifInvalid === "report" ? imported : imported.catch(() => []);
  }

  private skip(folder: PluginFolder, location: PluginLocation, error: unknown): NetPulseError {
    const reason = error instanceof Error ? error.message : String(error);
    const invalid = pluginErrors.PluginInvalid({ folder: location.folder, why: reason }, { cause: error });
    this.options.log.error({ plugin: location.folder, reason }, invalid.message);
    this.options.onInvalid?.(folder, location.folder, reason);
    return invalid;
  }
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
