import type { ZodType } from "zod";

/** The part of pino's interface that plugins use: fields first, then the message. Never pass a secret. */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

/** What every plugin is constructed with. Nothing in it is global, so a plugin can be tested with a fixed world. */
export interface PluginEnvironment<Config = unknown> {
  /** The plugin's own section of `config/config.yaml`, checked by its `configSchema`; `{}` where it has none. */
  readonly config: Config;
  readonly log: Logger;
  /** A number in [0, 1), as `Math.random`; tests inject a seeded one. */
  readonly random: () => number;
}

/** The static side of a plugin class, as the registry sees it. */
export interface PluginClass<Instance> {
  new (environment: PluginEnvironment): Instance;
  /** Checks the plugin's section of `config/config.yaml`; without it the section must be empty. */
  readonly configSchema?: ZodType;
}

/** Base of all plugin kinds: keeps the environment it was constructed with. */
export abstract class Plugin<Config = unknown> {
  protected readonly config: Config;
  protected readonly log: Logger;
  protected readonly random: () => number;

  constructor(environment: PluginEnvironment) {
    this.config = environment.config as Config;
    this.log = environment.log;
    this.random = environment.random;
  }
}
