import { PyDict } from "../../../../src/python/values/dict.ts";
import { contains, iterate } from "../../../../src/python/values/iteration.ts";
import { typeError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { type Answer, type FunctionTable, needText, withParameters } from "./contract.ts";
import { matchesGlob } from "./glob.ts";
import { dotted, lookupData, walk } from "./lookup-source.ts";

/** Match functions that look a value up. */
export const lookupFunctions: FunctionTable = {
  lookup: withParameters(
    { name: null, template: null, group: null, add_field: false },
    (data, [name, template, group, field], runtime) => {
      const table = lookupData({ name, template, group }, runtime, false);
      if (table === undefined) return [data, null];
      if (!(table instanceof PyDict))
        throw typeError(`${typeName(table)} indices must be integers or slices`);
      return table.has(data) ? answer(data, table.get(data), field) : [data, null];
    },
  ),
  rlookup: withParameters({ name: REQUIRED, add_field: false }, (data, [name, field], runtime) => {
    const table = walk(runtime.lookups, dotted(name));
    if (!(table instanceof PyDict)) return [data, null];
    for (const [key, value] of table.items()) {
      if (contains(data, key)) return value === null ? [data, null] : answer(data, value, field);
    }
    return [data, null];
  }),
  gpvlookup: withParameters(
    { name: REQUIRED, add_field: false, record: false, multimatch: false },
    (data, [name, field, record, multimatch], runtime) => {
      const table = walk(runtime.lookups, dotted(name));
      if (!(table instanceof PyDict)) {
        runtime.warn("gpvlookup: the lookup data is no dictionary");
        return [data, null];
      }
      const found = globKeys(needText(data), table, multimatch);
      if (record !== false) {
        runtime.vars.set(record, found);
        runtime.globalVars.set(record, found);
      }
      return found.length === 0 ? [data, null] : answer(data, found, field);
    },
  ),
};

function answer(data: unknown, value: unknown, field: unknown): Answer {
  return field === false ? [value, null] : [data, new PyDict([[field, value]])];
}

/** Keys whose patterns match: the first one only, or with `multimatch` a key for every pattern. */
function globKeys(data: string, table: PyDict, multimatch: unknown): unknown[] {
  const found: unknown[] = [];
  for (const [key, patterns] of table.items()) {
    for (const pattern of iterate(patterns)) {
      if (!matchesGlob(data, needText(pattern))) continue;
      found.push(key);
      if (multimatch === false) return found;
    }
  }
  return multimatch === false || multimatch === true ? found : [];
}
