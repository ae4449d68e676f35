import { PyDict } from "../../../../src/python/values/dict.ts";
import { plainLookup } from "../../../../src/python/values/plain-lookup.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { strFormat } from "../../../../src/python/values/str-format.ts";
import { repr } from "../../../../src/python/values/text.ts";

/**
 * Python's `template.format(*args, **fields)`. Throws KeyError for a field that is not there.
 *
 * @example formatText("{} is {state}", ["Gi1"], new PyDict([["state", "up"]]))  // "Gi1 is up"
 */
export function formatText(
  template: string,
  args: readonly unknown[],
  fields: PyDict = new PyDict(),
): string {
  return strFormat(template, {
    args,
    lookup: plainLookup,
    named(name) {
      if (!fields.has(name)) throw new PythonError("KeyError", repr(name));
      return fields.get(name);
    },
  });
}
