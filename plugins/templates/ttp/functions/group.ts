import type { TemplateFunction } from "./contract.ts";
import { changeFunctions } from "./group-changes.ts";
import { testFunctions } from "./group-tests.ts";
import { validateFunctions } from "./group-validate.ts";

/** TTP's group functions by name. */
export const groupFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  [testFunctions, changeFunctions, validateFunctions].flatMap((table) => Object.entries(table)),
);
