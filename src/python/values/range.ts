import { spend } from "./budget.ts";
import { MISSING, PyObject } from "./object.ts";
import { PythonError } from "./python-error.ts";
import { resolveSlice, type Slice } from "./slice.ts";

/** Python's `range(start, stop, step)`. */
export class PyRange extends PyObject {
  override readonly typeName = "range";
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? "" : `, ${this.step}`})`;
  }

  override equals(other: unknown): boolean {
    if (!(other instanceof PyRange) || other.length() !== this.length()) return false;
    if (this.length() === 0) return true;
    return this.start === other.start && (this.length() === 1 || this.step === other.step);
  }

  override *iterate(): Iterable<unknown> {
    const length = this.length();
    for (let i = 0; i < length; i++) {
      spend();
      yield this.start + i * this.step;
    }
  }

  override contains(item: unknown): boolean | typeof MISSING {
    if (typeof item !== "number") return MISSING;
    const offset = (item - this.start) / this.step;
    return Number.isInteger(offset) && offset >= 0 && offset < this.length();
  }

  /** `range[index]`, and a range for a slice. */
  at(index: number): number {
    const length = this.length();
    const place = index < 0 ? index + length : index;
    if (place < 0 || place >= length) throw new PythonError("IndexError", "range object index out of range");
    return this.start + place * this.step;
  }

  slice(slice: Slice): PyRange {
    const { start, stop, step } = resolveSlice(slice, this.length());
    return new PyRange(this.start + start * this.step, this.start + stop * this.step, step * this.step);
  }

  override attribute(name: string): unknown {
    return name === "start" || name === "stop" || name === "step" ? this[name] : MISSING;
  }
}
