import { PyDict } from "../../../src/python/values/dict.ts";
import { dumpJson } from "../../../src/python/values/json.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import { str } from "../../../src/python/values/text.ts";
import { truth } from "../../../src/python/values/truth.ts";
import { formatText } from "./functions/format.ts";
import { traverse } from "./functions/traverse.ts";
import type { Output } from "./output.ts";
import type { Runtime } from "./runtime.ts";
import { formatTime } from "./time-format.ts";

type Returner = (results: unknown, output: Output, runtime: Runtime) => void;

/** Where results go. All but `self` need an option that allows them. */
export const returners: ReadonlyMap<string, Returner> = new Map<string, Returner>([
  [
    "self",
    (_results, output) => {
      output.returnsToSelf = true;
    },
  ],
  [
    "terminal",
    (results, _output, { options }) => {
      options.effects.print(typeof results === "string" ? results : str(results).replaceAll("\\n", "\n"));
    },
  ],
  [
    "file",
    (results, output, runtime) => {
      const folder = str(output.attributes.get("url") ?? "./Output/");
      runtime.options.effects.writeFile(folder, fileName(output, runtime), str(results));
    },
  ],
  ["syslog", syslog],
]);

function fileName(output: Output, runtime: Runtime): string {
  const given = output.attributes.get("filename");
  if (!truth(given)) {
    return `${str(output.name)}_output_${formatTime("%Y-%m-%d_%H-%M-%S", runtime.options.now())}.txt`;
  }
  const fields = new PyDict([...runtime.globalVars.items(), ...runtime.vars.items()]);
  try {
    return formatText(str(given), [], fields);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return str(given);
  }
}

function syslog(results: unknown, output: Output, runtime: Runtime): void {
  const given = output.attributes.get("servers");
  const servers = typeof given === "string" ? [given] : Array.isArray(given) ? given.map(str) : [];
  if (servers.length === 0) {
    runtime.warn("syslog: no servers are given");
    return;
  }
  const path = (output.attributes.get("path") as string[] | undefined) ?? [];
  const port = Number(output.attributes.get("port") ?? 514);
  const facility = Number(output.attributes.get("facility") ?? 77);
  for (const datum of Array.isArray(results) ? results : [results]) {
    const item = traverse(datum, path, true);
    const messages: unknown[] =
      Array.isArray(item) && output.attributes.get("iterate") !== false ? item : [item];
    for (const message of messages) {
      if (truth(message))
        runtime.options.effects.sendSyslog({ servers, port, facility, text: dumpJson(message) });
    }
  }
}
