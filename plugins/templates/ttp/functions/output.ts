import { pluginErrors } from "../../../../src/errors/plugin.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { equal } from "../../../../src/python/values/equality.ts";
import { contains } from "../../../../src/python/values/iteration.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { type TemplateFunction, withParameters } from "./contract.ts";
import { deepDiffFunction } from "./deepdiff-output.ts";
import { formatWithResults } from "./group-changes.ts";
import { validateAll } from "./group-validate.ts";
import { dictToList, pathOf, traverse } from "./traverse.ts";

/** TTP's output functions by name. */
export const outputFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  [
    "traverse",
    withParameters({ path: REQUIRED, strict: true }, (data, [path, strict]) => [
      traverse(data, pathOf(path), truth(strict)),
      null,
    ]),
  ],
  [
    "dict_to_list",
    withParameters({ key_name: "key", path: null, strict: false }, (data, [keyName, path, strict]) => [
      dictToList(data, keyName, path, truth(strict)),
      null,
    ]),
  ],
  [
    "is_equal",
    withParameters({}, (data, _values, { output }) => {
      const anonymous =
        contains(data, "_anonymous_") && data instanceof PyDict ? data.get("_anonymous_") : data;
      return [
        new PyDict([
          ["output_name", output?.name ?? null],
          ["output_description", output?.attributes.get("description") ?? "None"],
          ["is_equal", equal(anonymous, output?.tagLoad ?? null)],
        ]),
        null,
      ];
    }),
  ],
  [
    "macro",
    withParameters({ macro_name: REQUIRED }, (data, [name], runtime) => [
      runtime.callMacro(name, data) ?? data,
      null,
    ]),
  ],
  ["deepdiff", deepDiffFunction],
  [
    "validate",
    withParameters(
      { schema: REQUIRED, result: "valid", info: "", errors: "", allow_unknown: true },
      (data, [schema, result, info, errors, unknown], runtime) => {
        const rules = runtime.output?.template?.vars.get(schema);
        if (!truth(rules ?? null)) {
          runtime.warn(`validate: there is no schema '${String(schema)}'`);
          return [data, null];
        }
        const validate = (item: unknown): PyDict => {
          const report = validateAll(item, rules, truth(unknown));
          const answer = new PyDict([[result, report.size === 0]]);
          if (truth(info)) answer.set("info", infoText(String(info), item, runtime));
          if (truth(errors)) answer.set(errors, report);
          return answer;
        };
        if (Array.isArray(data)) return [data.filter((item) => item instanceof PyDict).map(validate), null];
        return [data instanceof PyDict ? validate(data) : null, null];
      },
    ),
  ],
  [
    "validate_yangson",
    () => {
      throw pluginErrors.Unsupported({ what: "The YANG validation of output function validate_yangson" });
    },
  ],
]);

function infoText(template: string, data: unknown, runtime: Parameters<TemplateFunction>[2]): string {
  if (!(data instanceof PyDict)) return template;
  return formatWithResults(template, data, runtime) ?? template;
}
