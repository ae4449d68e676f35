import { isInt } from "./numbers.ts";
import { typeError, valueError } from "./python-error.ts";

/** `[start:stop:step]` as written; null where nothing was. */
export interface Slice {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;
}

/** The concrete places of a slice in a sequence of `length`, as `slice.indices` gives them. */
export function resolveSlice(slice: Slice, length: number): { start: number; stop: number; step: number } {
  const step = bound(slice.step) ?? 1;
  if (step === 0) throw valueError("slice step cannot be zero");
  const low = step < 0 ? -1 : 0;
  const high = step < 0 ? length - 1 : length;
  const clip = (value: number | undefined, fallback: number) => {
    if (value === undefined) return fallback;
    const place = value < 0 ? value + length : value;
    return Math.min(Math.max(place, low), high);
  };
  const start = clip(bound(slice.start), step < 0 ? high : low);
  const stop = clip(bound(slice.stop), step < 0 ? low : high);
  return { start, stop, step };
}

/** The items of `items[start:stop:step]`. */
export function sliceItems<T>(items: readonly T[], slice: Slice): T[] {
  const { start, stop, step } = resolveSlice(slice, items.length);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const out: T[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(items[i] as T);
  return out;
}

function bound(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isInt(value)) throw typeError("slice indices must be integers or None or have an __index__ method");
  return Number(value);
}
