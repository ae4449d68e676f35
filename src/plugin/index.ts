/**
 * The plugin contracts of NetPulse, imported by plugins as `netpulse/plugin`. See docs/how-to/write-a-plugin.md.
 *
 * @module
 */

export { z } from "zod";
export { defineErrors, NetPulseError, quote } from "../errors/define.ts";
export { deviceErrors } from "../errors/device.ts";
export { pluginErrors } from "../errors/plugin.ts";
export { programErrors } from "../errors/program.ts";
export { transferErrors } from "../errors/transfer.ts";
export { webhookErrors } from "../errors/webhook.ts";
export * from "./driver.ts";
export { nearestName } from "./nearest-name.ts";
export * from "./plugin.ts";
export {
  BUILT_IN_PLUGINS,
  PluginRegistry,
  type PluginRegistryOptions,
  type PluginSections,
} from "./registry.ts";
export * from "./scheduler.ts";
export * from "./template.ts";
export * from "./transfer.ts";
export * from "./webhook.ts";
