import { pluginErrors } from "../../../../src/errors/plugin.ts";
import { dumpJson } from "../../../../src/python/values/json.ts";
import { str } from "../../../../src/python/values/text.ts";
import type { Output } from "../output.ts";
import type { Runtime } from "../runtime.ts";
import { csvText } from "./csv.ts";
import { renderJinja2 } from "./jinja2.ts";
import { prettyText } from "./pprint.ts";
import { resultTable } from "./table.ts";
import { tabulate } from "./tabulate.ts";
import { dumpYaml } from "./yaml.ts";

type Formatter = (results: unknown, output: Output, runtime: Runtime) => unknown;

/** TTP's formatters by name. */
export const formatters: ReadonlyMap<string, Formatter> = new Map<string, Formatter>([
  ["raw", (results) => results],
  ["json", (results) => dumpJson(results, { indent: 4, sortKeys: true })],
  ["yaml", (results) => dumpYaml(results)],
  ["pprint", (results) => prettyText(results, 4)],
  ["table", (results, output) => resultTable(results, output)],
  [
    "csv",
    (results, output) =>
      csvText(resultTable(results, output), text(output, "sep", ","), text(output, "quote", '"')),
  ],
  ["tabulate", (results, output) => tabulate(resultTable(results, output), output)],
  ["jinja2", (results, output) => renderJinja2(str(output.tagLoad), results)],
  ["excel", unsupported("excel", "use format csv")],
  ["n2g", unsupported("n2g", "use the results with N2G outside")],
]);

function text(output: Output, name: string, otherwise: string): string {
  return str(output.attributes.get(name) ?? otherwise);
}

function unsupported(name: string, instead: string): Formatter {
  return () => {
    throw pluginErrors.Unsupported({ what: `Output format ${name}`, instead });
  };
}
