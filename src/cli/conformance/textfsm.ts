import { z } from "zod";
import {
  type CommandIndex,
  csvText,
  formattedText,
  labelValueText,
  Machine,
  parseCommand,
  parseIndex,
  parseRule,
  parseTemplate,
  parseValue,
  ruleText,
  sortTable,
  superkey,
  type Template,
  TemplateFileMissing,
  templateText,
  valueText,
} from "../../../plugins/templates/textfsm/engine.ts";
import { readJson, readJsonLines } from "./records.ts";
import { type CaseOutcome, type ConformanceCase, type ConformanceSuite, compare } from "./suite.ts";

/** TextFSM, its clitable and the look-up in an index, against the answers of textfsm and ntc-templates. */
export const suite: ConformanceSuite = {
  name: "textfsm",
  *cases(folder) {
    const templates = readJson(folder, "ntc_templates.json", templatesSchema);
    const library = new Library(templates?.templates ?? {}, templates?.index ?? "");
    yield* ntcCases(folder, library);
    yield* mutatedCases(folder, library);
    yield* unitCases(folder);
    yield* indexCases(folder, library);
    yield* tableCases(folder);
  },
};

/** How long a case may take on which the original ran away. */
const RUNAWAY_LIMIT_MS = 1000;
/** Errors that our engines raise under the original's names; any other class of the original means any error. */
const NAMED_ERRORS: Readonly<Record<string, string>> = {
  TextFSMError: "TextFSMError",
  TextFSMTemplateError: "TextFSMTemplateError",
  CliTableError: "CliTableError",
  TableError: "TableError",
  error: "re.error",
};

const errorSchema = z.object({ class: z.string(), message: z.string() }).nullable();
const cellSchema = z.unknown();
const rowsSchema = z.array(z.array(cellSchema)).nullable();
const templatesSchema = z.object({ index: z.string(), templates: z.record(z.string(), z.string()) });

const ntcSchema = z.object({
  id: z.string(),
  platform: z.string(),
  command: z.string(),
  templates: z.array(z.string()),
  input: z.string(),
  header: z.array(z.string()),
  rows: z.array(z.record(z.string(), cellSchema)).nullable(),
  fsm_rows: rowsSchema,
  error: errorSchema,
});
const mutatedSchema = z.object({
  id: z.string(),
  template: z.string(),
  input: z.string(),
  header: z.array(z.string()).nullable(),
  rows: rowsSchema,
  error: errorSchema,
});
const operationSchema = z.object({
  op: z.enum(["parse", "parse_dicts", "reset"]),
  text: z.string().default(""),
  eof: z.boolean().default(true),
  result: z.unknown().optional(),
  error: errorSchema.default(null),
  end_state: z.string().optional(),
});
const valueFields = { name: z.string(), options: z.array(z.string()), regex: z.string() };
const unitSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("fsm"),
    id: z.string(),
    template: z.string(),
    construct_error: errorSchema,
    header: z.array(z.string()).nullable(),
    str: z.string().nullable(),
    values: z.array(z.object(valueFields)).nullable(),
    states: z.array(z.string()).nullable(),
    ops: z.array(operationSchema),
  }),
  z.object({
    kind: z.literal("value"),
    id: z.string(),
    line: z.string(),
    error: errorSchema,
    ...z.object({ ...valueFields, template: z.string(), str: z.string() }).partial().shape,
  }),
  z.object({
    kind: z.literal("rule"),
    id: z.string(),
    line: z.string(),
    line_num: z.number(),
    var_map: z.record(z.string(), z.string()).nullable(),
    error: errorSchema,
    match: z.string().optional(),
    regex: z.string().optional(),
    line_op: z.string().optional(),
    record_op: z.string().optional(),
    new_state: z.string().optional(),
    str: z.string().optional(),
  }),
]);
const indexSchema = z.object({
  platform: z.string(),
  command: z.string(),
  variant: z.string(),
  template: z.string().nullable(),
  row: z.number(),
});
const tableSchema = z.object({
  files: z.record(z.string(), z.string()),
  cases: z.array(
    z.object({
      index: z.string(),
      attributes: z.record(z.string(), z.string()),
      templates: z.string().nullable(),
      input: z.string(),
      add_keys: z.array(z.string()).nullable(),
      sort: z.boolean(),
      error: errorSchema,
      row: z.number().optional(),
      header: z.array(z.string()).optional(),
      rows: rowsSchema.optional(),
      superkey: z.array(z.string()).optional(),
      label_value: z.string().optional(),
      csv: z.string().optional(),
      formatted: z.string().optional(),
    }),
  ),
});

type RecordedError = z.infer<typeof errorSchema>;

/** Templates by name, each read once, and their index. */
class Library {
  readonly #texts: Readonly<Record<string, string>>;
  readonly #indexText: string;
  readonly #templates = new Map<string, Template>();
  #index: CommandIndex | undefined;

  constructor(texts: Readonly<Record<string, string>>, indexText: string) {
    this.#texts = texts;
    this.#indexText = indexText;
  }

  get index(): CommandIndex {
    this.#index ??= parseIndex(this.#indexText);
    return this.#index;
  }

  template(name: string): Template {
    let template = this.#templates.get(name);
    if (template === undefined) {
      const text = this.#texts[name];
      if (text === undefined) throw new TemplateFileMissing(name);
      template = parseTemplate(text);
      this.#templates.set(name, template);
    }
    return template;
  }
}

function* ntcCases(folder: string, library: Library): Generator<ConformanceCase> {
  const file = "ntc_cases.jsonl";
  for (const record of readJsonLines(folder, file, ntcSchema)) {
    yield {
      id: record.id,
      file,
      run: () =>
        withError(record.error, () => {
          const request = {
            input: record.input,
            attributes: { Command: record.command, Platform: record.platform },
            templates: record.templates.join(":"),
          };
          const { table } = parseCommand(request, library.index, (name) => library.template(name));
          const expected = { header: record.header, rows: record.rows, raw: record.fsm_rows };
          const raw = record.fsm_rows === null ? null : rawRows(record.templates, record.input, library);
          return compare(expected, { header: table.header, rows: table.toObjects(), raw });
        }),
    };
  }
}

/** What the state machine itself gives, before everything becomes text. */
function rawRows(templates: readonly string[], input: string, library: Library): unknown {
  return new Machine(library.template(templates[0] ?? "")).parse(input);
}

function* mutatedCases(folder: string, library: Library): Generator<ConformanceCase> {
  const file = "ntc_mutated.jsonl";
  for (const record of readJsonLines(folder, file, mutatedSchema)) {
    const parse = () => {
      const machine = new Machine(library.template(record.template));
      return { header: machine.header, rows: machine.parse(record.input) };
    };
    yield {
      id: record.id,
      file,
      run: () =>
        record.error?.class === "TIMEOUT"
          ? endsInTime(parse)
          : withError(record.error, () => compare({ header: record.header, rows: record.rows }, parse())),
    };
  }
}

function* unitCases(folder: string): Generator<ConformanceCase> {
  const file = "unit_cases.jsonl";
  for (const record of readJsonLines(folder, file, unitSchema)) {
    yield { id: record.id, file, run: () => runUnit(record) };
  }
}

function runUnit(record: z.infer<typeof unitSchema>): CaseOutcome {
  switch (record.kind) {
    case "value":
      return withError(record.error, () => {
        const value = parseValue(record.line, 0);
        return compare(
          [record.name, record.options, record.regex, record.template, record.str],
          [value.name, value.options, value.regex, value.template, valueText(value)],
        );
      });
    case "rule":
      return withError(record.error, () => {
        const values = new Map(Object.entries(record.var_map ?? {}));
        const rule = parseRule(record.line, record.line_num, values);
        return compare(
          [record.match, record.regex, record.line_op, record.record_op, record.new_state, record.str],
          [rule.match, rule.regex, rule.lineOperator, rule.recordOperator, rule.newState, ruleText(rule)],
        );
      });
    case "fsm":
      return withError(record.construct_error, () => {
        const template = parseTemplate(record.template);
        const machine = new Machine(template);
        const { header, str, states } = record;
        const values = record.values?.map(({ name, options, regex }) => ({ name, options, regex }));
        return compare(
          { header, str, values, states, ops: record.ops.map(recordedOperation) },
          {
            header: machine.header,
            str: templateText(template),
            values: template.values.map(({ name, options, regex }) => ({ name, options, regex })),
            states: [...template.states.keys()],
            ops: record.ops.map((operation) => runOperation(machine, operation)),
          },
        );
      });
  }
}

type Operation = z.infer<typeof operationSchema>;

function recordedOperation({ op, result, error, end_state }: Operation): unknown {
  return op === "reset" ? null : { result, error, end_state };
}

function runOperation(machine: Machine, { op, text, eof }: Operation): unknown {
  if (op === "reset") {
    machine.reset();
    return null;
  }
  let result: unknown = null;
  let error: RecordedError = null;
  try {
    // A copy: later operations add to the rows.
    result = structuredClone(op === "parse" ? machine.parse(text, eof) : machine.parseToObjects(text, eof));
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    error = { class: thrown.name, message: thrown.message };
  }
  return { result, error, end_state: machine.state };
}

function* indexCases(folder: string, library: Library): Generator<ConformanceCase> {
  const file = "index_cases.jsonl";
  for (const { platform, command, variant, template, row } of readJsonLines(folder, file, indexSchema)) {
    yield {
      id: `${platform}/${command}/${variant}`,
      file,
      run: () => {
        const found = library.index.find({ Command: command, Platform: platform });
        return compare({ template, row }, { template: found?.template ?? null, row: found?.number ?? 0 });
      },
    };
  }
}

function* tableCases(folder: string): Generator<ConformanceCase> {
  const file = "clitable_cases.json";
  const record = readJson(folder, file, tableSchema);
  if (record === undefined) return;
  for (const [number, one] of record.cases.entries()) {
    yield { id: `clitable#${number + 1}`, file, run: () => runTable(record.files, one) };
  }
}

function runTable(
  files: Readonly<Record<string, string>>,
  record: z.infer<typeof tableSchema>["cases"][number],
): CaseOutcome {
  return withError(record.error, () => {
    const indexText = files[record.index];
    if (indexText === undefined) throw new TemplateFileMissing(record.index);
    const library = new Library(files, indexText);
    const command = parseCommand(
      { input: record.input, attributes: record.attributes, templates: record.templates ?? undefined },
      library.index,
      (name) => library.template(name),
    );
    for (const key of record.add_keys ?? []) command.keys.add(key);
    if (record.sort) sortTable(command);
    const { row, header, rows, label_value, csv, formatted } = record;
    return compare(
      { row, header, rows, superkey: record.superkey, label_value, csv, formatted },
      {
        row: library.index.find(record.attributes)?.number ?? 0,
        header: command.table.header,
        rows: command.table.rows,
        superkey: superkey(command),
        label_value: labelValueText(command.table, superkey(command)),
        csv: csvText(command.table),
        formatted: formattedText(command.table),
      },
    );
  });
}

/** Runs a case of which the original may have raised an error: then ours must be the same, or any for Python's own classes. */
function withError(expected: RecordedError, run: () => CaseOutcome): CaseOutcome {
  try {
    const outcome = run();
    return expected === null ? outcome : { passed: false, expected, got: outcome.got };
  } catch (error) {
    if (expected === null || !(error instanceof Error)) throw error;
    const got = { class: error.name, message: error.message };
    const name = NAMED_ERRORS[expected.class];
    if (name === undefined) return { passed: true, expected, got };
    return { passed: name === got.class && expected.message === got.message, expected, got };
  }
}

function endsInTime(run: () => unknown): CaseOutcome {
  const start = performance.now();
  let got: unknown;
  try {
    got = run();
  } catch (error) {
    got = String(error);
  }
  const took = performance.now() - start;
  return {
    passed: took < RUNAWAY_LIMIT_MS,
    expected: `an end within ${RUNAWAY_LIMIT_MS} ms`,
    got: { took, got },
  };
}
