import { BaseDriver } from "./driver.ts";
import type { PluginFolder } from "./folders.ts";
import type { Plugin, PluginClass } from "./plugin.ts";
import { BaseScheduler } from "./scheduler.ts";
import { BaseTemplateParser, BaseTemplateRenderer } from "./template.ts";
import { BaseWebHookCaller } from "./webhook.ts";

/** The instance type of each kind of plugin. */
export interface PluginKinds {
  readonly driver: BaseDriver;
  readonly renderer: BaseTemplateRenderer;
  readonly parser: BaseTemplateParser;
  readonly scheduler: BaseScheduler;
  readonly webhook: BaseWebHookCaller;
}
export type PluginKind = keyof PluginKinds;

interface KindDefinition {
  readonly folder: PluginFolder;
  /** The static property that holds the plugin's name. */
  readonly nameProperty: string;
  readonly base: abstract new (...args: never[]) => Plugin;
  /** Methods and properties that a class written in JavaScript could have forgotten. */
  readonly methods: readonly string[];
  readonly properties: readonly string[];
}

/** How the registry recognises each kind. */
export const KINDS: Readonly<Record<PluginKind, KindDefinition>> = {
  driver: {
    folder: "drivers",
    nameProperty: "driverName",
    base: BaseDriver,
    methods: ["connect", "executeCommand", "disconnect"],
    properties: ["argsSchema", "readOnly"],
  },
  renderer: {
    folder: "templates",
    nameProperty: "templateName",
    base: BaseTemplateRenderer,
    methods: ["render"],
    properties: ["optionsSchema"],
  },
  parser: {
    folder: "templates",
    nameProperty: "templateName",
    base: BaseTemplateParser,
    methods: ["parse"],
    properties: ["optionsSchema"],
  },
  scheduler: {
    folder: "schedulers",
    nameProperty: "schedulerName",
    base: BaseScheduler,
    methods: ["selectNode"],
    properties: ["measure"],
  },
  webhook: {
    folder: "webhooks",
    nameProperty: "webhookName",
    base: BaseWebHookCaller,
    methods: ["call"],
    properties: ["settingsSchema"],
  },
};

/** The kinds that live in one plugin folder. */
function kindsIn(folder: PluginFolder): PluginKind[] {
  return (Object.keys(KINDS) as PluginKind[]).filter((kind) => KINDS[kind].folder === folder);
}

/** A class that a plugin file exports, recognised as a plugin of one kind. */
export interface ExportedPlugin {
  readonly kind: PluginKind;
  readonly name: string;
  readonly pluginClass: PluginClass<Plugin>;
}

/**
 * The plugin classes among a module's exports. Other exports are left alone: a plugin may export what it likes.
 *
 * @throws Error that says what is wrong with a class that extends a base class but does not keep its contract
 */
export function exportedPlugins(
  module: Readonly<Record<string, unknown>>,
  folder: PluginFolder,
): ExportedPlugin[] {
  const found: ExportedPlugin[] = [];
  for (const [exportName, value] of Object.entries(module)) {
    for (const kind of kindsIn(folder)) {
      if (isSubclass(value, kind)) found.push(describe(kind, exportName, value));
    }
  }
  return found.filter(
    (plugin, index) => found.findIndex((other) => other.pluginClass === plugin.pluginClass) === index,
  );
}

/** @throws Error that names the property that an instance lacks */
export function checkInstance(kind: PluginKind, instance: Plugin): void {
  const missing = KINDS[kind].properties.find((property) => Reflect.get(instance, property) === undefined);
  if (missing) throw new Error(`class ${instance.constructor.name} has no property ${missing}`);
}

function isSubclass(value: unknown, kind: PluginKind): value is PluginClass<Plugin> {
  return typeof value === "function" && value.prototype instanceof KINDS[kind].base;
}

function describe(kind: PluginKind, exportName: string, pluginClass: PluginClass<Plugin>): ExportedPlugin {
  const { nameProperty, methods } = KINDS[kind];
  const name: unknown = Reflect.get(pluginClass, nameProperty);
  if (typeof name !== "string" || name === "") {
    throw new Error(`class ${exportName} has no static ${nameProperty}`);
  }
  for (const method of methods) {
    if (typeof Reflect.get(pluginClass.prototype, method) !== "function") {
      throw new Error(`class ${exportName} has no method ${method}`);
    }
  }
  return { kind, name, pluginClass };
}
