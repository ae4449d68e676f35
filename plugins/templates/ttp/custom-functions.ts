import type { TemplateFunction } from "./functions/contract.ts";

/** Functions that a program adds, by scope and by the name that templates use. */
export interface CustomFunctions {
  readonly match: Map<string, TemplateFunction>;
  readonly group: Map<string, TemplateFunction>;
  readonly input: Map<string, TemplateFunction>;
  readonly output: Map<string, TemplateFunction>;
  readonly macro: Map<string, (data: unknown) => unknown>;
}

export type FunctionScope = keyof CustomFunctions;

export function noCustomFunctions(): CustomFunctions {
  return { match: new Map(), group: new Map(), input: new Map(), output: new Map(), macro: new Map() };
}
