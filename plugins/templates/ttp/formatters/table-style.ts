import { valueError } from "../../../../src/python/values/python-error.ts";

type Alignment = "left" | "right" | "center" | "decimal" | null;

/** How a table's lines look: what a line begins with, fills, separates and ends with. */
type Line = readonly [begin: string, fill: string, separator: string, end: string];

export interface TableStyle {
  readonly minimumPadding: number;
  readonly numberAlignment: Alignment;
  readonly textAlignment: Alignment;
  readonly parsesNumbers: boolean;
  print(
    headings: readonly string[],
    rows: readonly (readonly string[])[],
    widths: readonly number[],
    alignments: readonly Alignment[],
  ): string;
}

interface StyleTable {
  readonly above?: Line;
  readonly belowHeader?: Line;
  readonly between?: Line;
  readonly below?: Line;
  readonly row: readonly [begin: string, separator: string, end: string];
  readonly padding: number;
  /** Markdown marks the alignment in the line below the heading. */
  readonly marksAlignment?: boolean;
}

/** A grid of box characters: corners and crossings by line, and the strokes. */
function grid(top: string, header: string, middle: string, bottom: string, stroke: string): StyleTable {
  const line = ([begin = "", fill = "", separator = "", end = ""]: string): Line => [
    begin,
    fill,
    separator,
    end,
  ];
  return {
    above: line(top),
    belowHeader: line(header),
    between: line(middle),
    below: line(bottom),
    row: [stroke, stroke, stroke],
    padding: 1,
  };
}

function outline(style: StyleTable): StyleTable {
  const { between: _between, ...rest } = style;
  return rest;
}

const FANCY = grid("╒═╤╕", "╞═╪╡", "├─┼┤", "╘═╧╛", "│");
const GRID = grid("+-++", "+=++", "+-++", "+-++", "|");
const SIMPLE_GRID = grid("┌─┬┐", "├─┼┤", "├─┼┤", "└─┴┘", "│");
const ROUNDED = grid("╭─┬╮", "├─┼┤", "├─┼┤", "╰─┴╯", "│");
const HEAVY = grid("┏━┳┓", "┣━╋┫", "┣━╋┫", "┗━┻┛", "┃");
const MIXED = grid("┍━┯┑", "┝━┿┥", "├─┼┤", "┕━┷┙", "│");
const DOUBLE = grid("╔═╦╗", "╠═╬╣", "╠═╬╣", "╚═╩╝", "║");
const UNDERLINED: Line = ["", "-", "  ", ""];
const RST: Line = ["", "=", "  ", ""];

const STYLES: Readonly<Record<string, StyleTable>> = {
  plain: { row: ["", "  ", ""], padding: 0 },
  simple: { above: UNDERLINED, belowHeader: UNDERLINED, below: UNDERLINED, row: ["", "  ", ""], padding: 0 },
  rst: { above: RST, belowHeader: RST, below: RST, row: ["", "  ", ""], padding: 0 },
  grid: GRID,
  outline: outline(GRID),
  simple_grid: SIMPLE_GRID,
  simple_outline: outline(SIMPLE_GRID),
  rounded_grid: ROUNDED,
  rounded_outline: outline(ROUNDED),
  heavy_grid: HEAVY,
  heavy_outline: outline(HEAVY),
  mixed_grid: MIXED,
  mixed_outline: outline(MIXED),
  double_grid: DOUBLE,
  double_outline: outline(DOUBLE),
  fancy_grid: FANCY,
  fancy_outline: outline(FANCY),
  github: { belowHeader: ["|", "-", "|", "|"], row: ["|", "|", "|"], padding: 1 },
  pipe: { belowHeader: ["|", "-", "|", "|"], row: ["|", "|", "|"], padding: 1, marksAlignment: true },
  orgtbl: { belowHeader: ["|", "-", "+", "|"], row: ["|", "|", "|"], padding: 1 },
  presto: { belowHeader: ["", "-", "+", ""], row: ["", "|", ""], padding: 1 },
  psql: {
    above: ["+", "-", "+", "+"],
    belowHeader: ["|", "-", "+", "|"],
    below: ["+", "-", "+", "+"],
    row: ["|", "|", "|"],
    padding: 1,
  },
  pretty: {
    above: ["+", "-", "+", "+"],
    belowHeader: ["+", "-", "+", "+"],
    below: ["+", "-", "+", "+"],
    row: ["|", "|", "|"],
    padding: 1,
  },
  tsv: { row: ["", "\t", ""], padding: 0 },
};

/** The style of that name; an unknown one is `simple`, as in `tabulate`. */
export function tableStyle(name: string): TableStyle {
  if (["html", "latex", "mediawiki", "jira", "textile", "youtrack", "moinmoin"].includes(name)) {
    throw valueError(`table format '${name}' is not supported; use simple, grid, pipe or github`);
  }
  const style = (Object.hasOwn(STYLES, name) ? STYLES[name] : STYLES.simple) ?? {
    row: ["", "  ", ""],
    padding: 0,
  };
  const isPretty = name === "pretty";
  return {
    minimumPadding: isPretty ? 0 : 2,
    numberAlignment: isPretty ? "center" : "decimal",
    textAlignment: isPretty ? "center" : "left",
    parsesNumbers: !isPretty,
    print: (headings, rows, widths, alignments) => print(name, style, headings, rows, widths, alignments),
  };
}

function print(
  name: string,
  style: StyleTable,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): string {
  const padded = widths.map((width) => width + 2 * style.padding);
  const line = ([begin, fill, separator, end]: Line): string =>
    (begin + padded.map((width) => fill.repeat(width)).join(separator) + end).trimEnd();
  const row = (cells: readonly string[]): string => {
    const pad = " ".repeat(style.padding);
    const [begin, separator, end] = style.row;
    return (begin + cells.map((cell) => pad + cell + pad).join(separator) + end).trimEnd();
  };
  const hidesOuter = name === "simple";
  const lines: string[] = [];
  if (style.above !== undefined && !hidesOuter) lines.push(line(style.above));
  lines.push(row(headings));
  if (style.marksAlignment === true)
    lines.push(`|${padded.map((width, i) => alignmentMark(width, alignments[i] ?? null)).join("|")}|`);
  else if (style.belowHeader !== undefined) lines.push(line(style.belowHeader));
  for (const [index, cells] of rows.entries()) {
    if (index > 0 && style.between !== undefined) lines.push(line(style.between));
    lines.push(row(cells));
  }
  if (style.below !== undefined && !hidesOuter) lines.push(line(style.below));
  return lines.join("\n");
}

function alignmentMark(width: number, alignment: Alignment): string {
  if (alignment === "right" || alignment === "decimal") return `${"-".repeat(width - 1)}:`;
  if (alignment === "center") return `:${"-".repeat(width - 2)}:`;
  return alignment === "left" ? `:${"-".repeat(width - 1)}` : "-".repeat(width);
}
