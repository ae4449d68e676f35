import type { PyDict } from "../../../../src/python/values/dict.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { validateDocument } from "../cerberus/validator.ts";
import { type FunctionTable, withParameters } from "./contract.ts";
import { formatWithResults } from "./group-changes.ts";
import { dict } from "./group-tests.ts";

/** Group functions that check results against a Cerberus schema in the template's variables. */
export const validateFunctions: FunctionTable = {
  cerberus: withParameters(
    { schema: REQUIRED, log_errors: false, allow_unknown: true, add_errors: false },
    (data, [schema, log, unknown, add], runtime) => {
      const rules = runtime.vars.get(schema);
      if (!truth(rules ?? null)) {
        runtime.warn(`cerberus: there is no schema '${String(schema)}'`);
        return [data, null];
      }
      const errors = validateAll(data, rules, truth(unknown));
      if (errors.size === 0) return [data, true];
      if (truth(log)) runtime.warn("cerberus: the results do not fit the schema");
      if (!truth(add)) return [data, false];
      dict(data).set("validation_errors", errors);
      return [data, null];
    },
  ),
  validate: withParameters(
    { schema: REQUIRED, result: "valid", info: "", errors: "", allow_unknown: true },
    (data, [schema, result, info, errors, unknown], runtime) => {
      const rules = runtime.vars.get(schema);
      if (!truth(rules ?? null)) {
        runtime.warn(`validate: there is no schema '${String(schema)}'`);
        return [data, null];
      }
      const found = validateAll(data, rules, truth(unknown));
      dict(data).set(result, found.size === 0);
      if (truth(info)) {
        const text = formatWithResults(String(info), dict(data), runtime);
        if (text !== undefined) dict(data).set("info", text);
      }
      if (truth(errors)) dict(data).set(errors, found);
      return [data, null];
    },
  ),
};

/** The errors of a document by field; empty where it fits the schema. */
export function validateAll(data: unknown, schema: unknown, allowUnknown: boolean): PyDict {
  return validateDocument(dict(data), dict(schema), { allowUnknown });
}
