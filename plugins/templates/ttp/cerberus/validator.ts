import { PyDict } from "../../../../src/python/values/dict.ts";

export function validateDocument(_document: PyDict, _schema: PyDict, _options: { allowUnknown: boolean }): PyDict {
  return new PyDict();
}
