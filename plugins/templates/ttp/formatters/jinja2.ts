import { pluginErrors } from "../../../../src/errors/plugin.ts";

/** Renders the text of an output as a Jinja2 template with the results as `_data_`. */
export function renderJinja2(_template: string, _results: unknown): string {
  throw pluginErrors.Unsupported({ what: "Output format jinja2" });
}
