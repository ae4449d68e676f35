import {
  allocate,
  isInt,
  itemsOf,
  type PyNumber,
  str,
  toDouble,
} from "../../../../src/python/values/index.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";

const MAX_VLAN = 4094;

function vlanNumber(value: unknown): number {
  const number = isInt(value) ? toDouble(value as PyNumber) : Number(str(value).trim());
  if (!Number.isInteger(number) || number < 1 || number > MAX_VLAN) {
    throw new FilterArgumentError(`Valid VLAN range is 1-${MAX_VLAN}`);
  }
  return number;
}

/** VLANs as lines of a configuration: ranges where three or more follow one another, no line longer than asked. */
function vlanLines(value: unknown, first: unknown, other: unknown): string[] {
  const numbers = [...new Set(itemsOf(value).map(vlanNumber))].sort((a, b) => a - b);
  const pieces: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end++;
    if (end - i >= 2) pieces.push(`${numbers[i]}-${numbers[end]}`);
    else for (let j = i; j <= end; j++) pieces.push(String(numbers[j]));
    i = end + 1;
  }
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    const limit = Number(lines.length === 0 ? first : other);
    if (line !== "" && line.length + piece.length + 1 > limit) {
      lines.push(line);
      line = piece;
    } else line = line === "" ? piece : `${line},${piece}`;
  }
  return line === "" ? lines : [...lines, line];
}

function expandVlans(value: unknown): number[] {
  const out = new Set<number>();
  for (const piece of str(value).split(",")) {
    const [from = "", to] = piece.trim().split("-");
    const start = vlanNumber(from);
    const end = to === undefined ? start : vlanNumber(to);
    allocate(end - start + 1);
    for (let vlan = start; vlan <= end; vlan++) out.add(vlan);
  }
  return [...out].sort((a, b) => a - b);
}

/** Filters on lists of VLANs, by name. */
export const VLAN_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  [
    "vlan_parser",
    filter({ first_line_len: 48, other_line_len: 44 }, (_c, value, first, other) =>
      vlanLines(value, first, other),
    ),
  ],
  ["vlan_expander", filter({}, (_c, value) => expandVlans(value))],
]);
