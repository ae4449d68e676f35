import { z } from "zod";
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
  const checked = schema.safeParse(schema instanceof z.ZodObject ? withSpelling(given, schema) : given);
  if (!checked.success) throw new Error(describeIssues(key, checked.error));
  return checked.data;
}

/** Environment variables give keys in lower case; only the plugin's own schema knows how they are spelled. */
function withSpelling(section: object, schema: z.ZodObject): object {
  const known = Object.keys(schema.shape);
  const spelling = (key: string) =>
    known.find((name) => name.toLowerCase() === key.replaceAll("_", "")) ?? key;
  const entries = Object.entries(section).map(([key, value]) => [
    known.includes(key) ? key : spelling(key),
    value,
  ]);
  return Object.fromEntries(entries);
}

function describeIssues(key: string, error: z.ZodError): string {
  return error.issues.map((issue) => `${[key, ...issue.path].join(".")}: ${issue.message}`).join("; ");
}
