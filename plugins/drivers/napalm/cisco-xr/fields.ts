import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** The whole number at a path; `otherwise` where the reply has none. Throws InvalidValue where something else stands there. */
export function integer(from: XmlElement, path: string, otherwise = 0): number {
  const text = from.value(path);
  if (text === "") return otherwise;
  if (!WHOLE.test(text)) throw new InvalidValue(`a whole number (${path})`, text);
  return Number(text);
}

/** The number at a path; `otherwise` where the reply has none. Throws InvalidValue where something else stands there. */
export function decimal(from: XmlElement, path: string, otherwise = 0): number {
  const text = from.value(path);
  if (text === "") return otherwise;
  if (!DECIMAL.test(text)) throw new InvalidValue(`a number (${path})`, text);
  return Number(text);
}

/** The number that must stand at a path, read by `as`. Throws InvalidValue. */
export function required(from: XmlElement, path: string, as: typeof integer = decimal): number {
  if (from.value(path) === "") throw new InvalidValue(`a number (${path})`, "");
  return as(from, path);
}

/** Whether `true` stands at a path. */
export function isTrue(from: XmlElement, path: string): boolean {
  return from.value(path) === "true";
}

/** The first text that is not empty among those at several paths. */
export function firstText(from: XmlElement, paths: readonly string[]): string {
  for (const path of paths) {
    const text = from.value(path);
    if (text !== "") return text;
  }
  return "";
}

/** A text in its standard notation, or as it is where it is of another kind: not every chassis has a MAC address. */
export function orAsItIs(standard: (text: string) => string, text: string): string {
  try {
    return standard(text);
  } catch (error) {
    if (error instanceof InvalidValue) return text;
    throw error;
  }
}

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
