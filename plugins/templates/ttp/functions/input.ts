import { compile } from "../../../../src/python/re/index.ts";
import { length } from "../../../../src/python/values/iteration.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { str } from "../../../../src/python/values/text.ts";
import { gethostname } from "../getters.ts";
import { needText, type TemplateFunction, withArguments, withParameters } from "./contract.ts";

/** TTP's input functions by name. */
export const inputFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  [
    "extract_commands",
    withArguments((data, commands, runtime) => {
      const warn = (message: string): void => runtime.warn(message);
      const host = gethostname({ data, name: "input", now: new Date(0), warn });
      const text = needText(data);
      const outputs = host === false ? [] : commands.map((command) => outputOf(str(command), host, text));
      const found = outputs.filter((output) => output !== undefined);
      return found.length > 0 ? [found.map((output) => `\n${output}\n`).join(""), null] : [data, null];
    }),
  ],
  [
    "macro",
    withParameters({ macro_name: REQUIRED }, (data, [name], runtime) => {
      const result = runtime.callMacro(name, data);
      if (result === true || result === false || result === null || result === undefined)
        return [data, result ?? null];
      return [result, null];
    }),
  ],
  [
    "test",
    withParameters({}, (data, _values, runtime) => {
      runtime.print(`Running input test function, data length ${length(data)} symbols`);
      return [data, null];
    }),
  ],
]);

/** A command's prompt and output, up to the next prompt. */
function outputOf(command: string, host: string, text: string): string | undefined {
  const pattern = `${host}[#>] *${command} *\\n([\\S\\s]+?)(?=${host}[#>]|$)`;
  return compile(pattern).search(text)?.group() ?? undefined;
}
