import { PyDict } from "../../../src/python/values/dict.ts";

/** Names and values of a matched line, in turn: name, value, name, value. Cheaper than a dictionary, which only a whole group needs. */
export type Fields = readonly unknown[];

/** Sets all fields in a dictionary. */
export function setFields(into: PyDict, fields: Fields): void {
  for (let index = 0; index < fields.length; index += 2) into.set(fields[index], fields[index + 1]);
}

/** The fields as a dictionary: of equal names the last one counts, where the first one stands. */
export function dictOfFields(fields: Fields): PyDict {
  const dict = new PyDict();
  setFields(dict, fields);
  return dict;
}
