import type { ZodError } from "zod";
import type { Plugin, PluginClass } from "./plugin.ts";

/**
 * A plugin's section of `config/config.yaml`, checked and completed by the plugin's `configSchema`.
 *
 * @param key where the section stands, for messages: `plugins.webhooks.basic`
 * @throws Error that names each wrong key and what is wrong with it
 */
export function pluginConfig(pluginClass: PluginClass<Plugin>, key: string, section: unknown): unknown {
  const given = section ?? {};
  const schema = pluginClass.configSchema;
  if (!schema) {
    if (typeof given === "object" && Object.keys(given).length === 0) return {};
    throw new Error(`${key} in the configuration must be empty: this plugin has no settings`);
  }
  const checked = schema.safeParse(given);
  if (!checked.success) throw new Error(describeIssues(key, checked.error));
  return checked.data;
}

function describeIssues(key: string, error: ZodError): string {
  return error.issues.map((issue) => `${[key, ...issue.path].join(".")}: ${issue.message}`).join("; ");
}
