/**
 * The configuration of the operator and the workers, `config/config.yaml`.
 *
 * @module
 */
export { type LoadConfigOptions, loadConfig } from "./load.ts";
export { EXIT_WRONG_CONFIGURATION, loadScheduler } from "./scheduler.ts";
export { type Config, configSchema } from "./schema.ts";
