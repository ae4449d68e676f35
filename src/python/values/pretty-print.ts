import { spend } from "./budget.ts";
import { PyDict } from "./dict.ts";
import { sorted } from "./list-methods.ts";
import { PythonError } from "./python-error.ts";
import { repr } from "./text.ts";
import { PyTuple } from "./tuple.ts";

const WIDTH = 80;

/** Python's `pprint.pformat(value)`: on one line where it fits 80 columns, else an item a line, dict keys sorted. */
export function prettyPrint(value: unknown): string {
  return layout(value, 0, 0, 0);
}

/** `indent` is the column where the value starts; `after` what follows it on its last line. */
function layout(value: unknown, indent: number, after: number, depth: number): string {
  spend();
  const flat = flatText(value);
  if (indent + flat.length + after <= WIDTH || depth > 100) return flat;
  if (value instanceof PyDict) {
    const parts = orderedItems(value).map(([key, item], i) => {
      const head = `${repr(key)}: `;
      const tail = i === value.size - 1 ? after + 1 : 1;
      return head + layout(item, indent + 1 + head.length, tail, depth + 1);
    });
    return parts.length === 0 ? flat : `{${parts.join(`,\n${" ".repeat(indent + 1)}`)}}`;
  }
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items && items.length > 0) {
    const [start, end] = Array.isArray(value) ? ["[", "]"] : ["(", items.length === 1 ? ",)" : ")"];
    const parts = items.map((item, i) =>
      layout(item, indent + 1, i === items.length - 1 ? after + end.length : 1, depth + 1),
    );
    return start + parts.join(`,\n${" ".repeat(indent + 1)}`) + end;
  }
  if (typeof value === "string") return longText(value, indent, after, depth);
  return flat;
}

function flatText(value: unknown): string {
  if (value instanceof PyDict) {
    return `{${orderedItems(value)
      .map(([key, item]) => `${repr(key)}: ${flatText(item)}`)
      .join(", ")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (value instanceof PyTuple && value.items.length > 1) return `(${value.items.map(flatText).join(", ")})`;
  return repr(value);
}

function orderedItems(dict: PyDict): [unknown, unknown][] {
  const items = [...dict.items()];
  try {
    return sorted(items, (entry) => (entry as [unknown, unknown])[0]) as [unknown, unknown][];
  } catch (error) {
    // Keys without an order among each other stay as they are.
    if (error instanceof PythonError) return items;
    throw error;
  }
}

/** A long text is broken after white space into several literals; in parentheses at the top. */
function longText(text: string, indent: number, after: number, depth: number): string {
  const chunks: string[] = [];
  const column = depth === 0 ? indent + 1 : indent;
  const room = WIDTH - column;
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  lines.forEach((line, i) => {
    const lastRoom = i === lines.length - 1 ? room - after - (depth === 0 ? 1 : 0) : room;
    if (repr(line).length <= lastRoom) {
      chunks.push(repr(line));
      return;
    }
    let current = "";
    const words = line.match(/\S*\s*/g)?.filter((word) => word !== "") ?? [];
    words.forEach((word, j) => {
      const candidate = current + word;
      const limit = j === words.length - 1 && i === lines.length - 1 ? lastRoom : room;
      if (repr(candidate).length > limit && current !== "") {
        chunks.push(repr(current));
        current = word;
      } else current = candidate;
    });
    if (current !== "") chunks.push(repr(current));
  });
  if (chunks.length <= 1) return chunks[0] ?? repr(text);
  const body = chunks.join(`\n${" ".repeat(column)}`);
  return depth === 0 ? `(${body})` : body;
}
