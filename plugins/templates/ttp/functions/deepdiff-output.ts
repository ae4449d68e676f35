import type { TemplateFunction } from "./contract.ts";

export const deepDiffFunction: TemplateFunction = (data) => [data, null];
