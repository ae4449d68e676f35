import type { TemplateFunction } from "./contract.ts";
import { convertFunctions } from "./match-convert.ts";
import { ipFunctions } from "./match-ip.ts";
import { lookupFunctions } from "./match-lookup.ts";
import { regexFunctions } from "./match-regex.ts";
import { textFunctions } from "./match-text.ts";
import { valueFunctions } from "./match-values.ts";

/** TTP's functions of match variables by name. */
export const matchFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  [textFunctions, regexFunctions, convertFunctions, ipFunctions, lookupFunctions, valueFunctions].flatMap(
    (table) => Object.entries(table),
  ),
);
