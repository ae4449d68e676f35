import { PyDict } from "../../../../src/python/values/dict.ts";
import { Environment } from "../../jinja2/engine.ts";

/** Renders the text of an output as a Jinja2 template with the results as `_data_`. */
export function renderJinja2(template: string, results: unknown): string {
  const environment = new Environment({ trim_blocks: true, lstrip_blocks: true });
  return environment.fromString(template).render(new PyDict([["_data_", results]]));
}
