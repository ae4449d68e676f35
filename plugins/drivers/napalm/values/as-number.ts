import { InvalidValue } from "./invalid-value.ts";

/** An AS number as one number, from `64512` or the dotted `1.100`. Throws InvalidValue. */
export function asNumber(value: string | number): number {
  const parts = String(value).trim().split(".");
  if (parts.length > 2 || !parts.every((part) => /^\d+$/.test(part)))
    throw new InvalidValue("an AS number", String(value));
  const [first = 0, second] = parts.map(Number);
  return second === undefined ? first : first * 65536 + second;
}
