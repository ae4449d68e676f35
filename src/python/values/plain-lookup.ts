import { attribute } from "./attributes.ts";
import { MISSING } from "./object.ts";
import { attributeError } from "./python-error.ts";
import type { FieldLookup } from "./str-format.ts";
import { item } from "./subscript.ts";
import { typeName } from "./type-name.ts";

/** How `str.format` reaches into values in plain Python: attributes and items, with Python's errors. */
export const plainLookup: FieldLookup = {
  attribute(value, name) {
    const found = attribute(value, name);
    if (found === MISSING) throw attributeError(`'${typeName(value)}' object has no attribute '${name}'`);
    return found;
  },
  item,
};
