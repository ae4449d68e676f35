import { Counter, type Registry } from "prom-client";

/** Counts plugins that could not be used. */
export class PluginMetrics {
  readonly #invalid: Counter<"kind">;

  constructor(registry: Registry) {
    this.#invalid = new Counter({
      name: "netpulse_plugins_invalid_total",
      help: "Plugins that were skipped because they could not be loaded; the log says why.",
      labelNames: ["kind"],
      registers: [registry],
    });
  }

  readonly invalid = (kind: string): void => {
    this.#invalid.inc({ kind });
  };
}
