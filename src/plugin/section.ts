import type { z } from "zod";
import type { Plugin, PluginClass } from "./plugin.ts";
import { placeOf, schemaUnder } from "./schema-place.ts";

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
  const checked = schema.safeParse(withSpelling(given, schema));
  if (!checked.success) throw new Error(describeIssues(key, checked.error));
  return checked.data;
}

/** Environment variables give keys in lower case; only the plugin's own schema knows how they are spelled. */
function withSpelling(given: unknown, schema: z.ZodType): unknown {
  const place = placeOf(schema);
  if (place.kind !== "section" || typeof given !== "object" || given === null) return given;
  const spelling = (key: string) => {
    if (place.keys.includes(key)) return key;
    return place.keys.find((name) => name.toLowerCase() === key.replaceAll("_", "")) ?? key;
  };
  const entries = Object.entries(given).map(([written, value]) => {
    const key = spelling(written);
    const under = schemaUnder(schema, key);
    return [key, under ? withSpelling(value, under) : value];
  });
  return Object.fromEntries(entries);
}

function describeIssues(key: string, error: z.ZodError): string {
  return error.issues.map((issue) => `${[key, ...issue.path].join(".")}: ${issue.message}`).join("; ");
}
