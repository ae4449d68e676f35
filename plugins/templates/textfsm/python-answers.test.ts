import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  csvText,
  formattedText,
  Machine,
  parseTemplate,
  type Row,
  TextTable,
  templateText,
} from "./engine.ts";

interface Operation {
  readonly reset?: boolean;
  readonly text?: string;
  readonly eof?: boolean;
  readonly state?: string;
  readonly rows?: Row[];
  readonly error?: string;
  readonly table?: { readonly csv: string; readonly formatted: string; readonly narrow: [number, string] };
}
interface Answer {
  readonly template: string;
  /** Why the template is refused. */
  readonly error?: string;
  /** The template as the original prints it. */
  readonly text?: string;
  readonly operations?: readonly Operation[];
}

// What textfsm 2.1.0 answered to random templates and texts.
const answers: Answer[] = readFileSync(new URL("python-answers.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const refused = answers.filter(({ error }) => error !== undefined);
const accepted = answers.filter(({ error }) => error === undefined);

describe("random templates do what they do in the original", () => {
  test("there are enough of them", () => {
    expect(refused.length).toBeGreaterThan(80);
    expect(accepted.length).toBeGreaterThan(150);
  });

  test("what is no template is refused with the same words", () => {
    for (const { template, error } of refused) {
      expect({ template, error: attempt(() => parseTemplate(template)) }).toEqual({ template, error });
    }
  });

  test("rows, errors and states, over several pieces of text", () => {
    for (const { template, text, operations = [] } of accepted) {
      const parsed = parseTemplate(template);
      expect(templateText(parsed)).toBe(text);
      const machine = new Machine(parsed);
      for (const operation of operations) {
        if (operation.reset) {
          machine.reset();
          continue;
        }
        const result = attempt(() => structuredClone(machine.parse(operation.text ?? "", operation.eof)));
        const expected = operation.error ?? operation.rows;
        expect({ template, result, state: machine.state }).toEqual({
          template,
          result: expected,
          state: operation.state,
        });
      }
    }
  });

  test("rows as tables: comma-separated, in columns, in narrow columns", () => {
    const tables = accepted.flatMap(({ template, operations = [] }) =>
      operations.flatMap(({ rows, table }) => (rows && table ? [{ template, rows, table }] : [])),
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { template, rows, table } of tables) {
      const printed = new TextTable(new Machine(parseTemplate(template)).header);
      for (const row of rows) printed.append(row);
      const [width, narrow] = table.narrow;
      expect(csvText(printed)).toBe(table.csv);
      expect(attempt(() => formattedText(printed))).toBe(table.formatted);
      expect(attempt(() => formattedText(printed, width))).toBe(narrow);
    }
  });
});

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
