import { BaseTemplateParser, NetPulseError, type ParseRequest, pluginErrors, z } from "netpulse/plugin";
import { PythonReError, StepBudgetExceeded } from "../../../src/python/re/index.ts";
import { parseMerged, sortTable } from "./clitable.ts";
import { TextFSMError, TextFSMTemplateError } from "./errors.ts";
import { findLibraryFolder, TemplateLibrary } from "./library.ts";
import type { Cell, Row } from "./record.ts";
import { type ParseReport, parseWithReport } from "./report.ts";
import { TextTable, textCell } from "./table.ts";
import { parseTemplate, type Template, valuesWith } from "./template.ts";

const optionsSchema = z.strictObject({
  /** An Error rule ends the parse without failing: the rows before it are the result. */
  lenient: z.boolean().default(false),
  /** Give `{rows, unmatched, stopped}` instead of rows. Implies `lenient`. */
  report: z.boolean().default(false),
  /** Put into the report what happened to each line. */
  trace: z.boolean().default(false),
  /** Items of List values as the original prints them ("None"), or as null and objects. */
  listItems: z.enum(["text", "typed"]).default("text"),
  /** Sort the rows by the template's Key values, or by everything without any. */
  sort: z.boolean().default(false),
  /** Accept `^(?i)...`, which Python refuses since 3.11. */
  lateFlags: z.boolean().default(false),
});
type Options = z.infer<typeof optionsSchema>;
type ObjectRow = Record<string, Cell>;

/** Rows, and with `report` also which lines no rule matched. */
export type TextFSMResult =
  | ObjectRow[]
  | (Omit<ParseReport, "rows" | "header"> & { readonly rows: ObjectRow[] });

/** TextFSM templates, given or found in a library by platform and command. Rows are objects with lower-case keys. */
export class TextFSMParser extends BaseTemplateParser {
  static override readonly templateName = "textfsm";
  readonly optionsSchema = optionsSchema;
  readonly #templates = new Map<string, Template>();
  readonly #libraries = new Map<string, TemplateLibrary>();

  override parse(request: ParseRequest): TextFSMResult {
    const options = optionsSchema.parse(request.options);
    const name = describe(request);
    try {
      return this.#parse(request, options);
    } catch (error) {
      throw asParseFailed(error, name);
    }
  }

  #parse(request: ParseRequest, options: Options): TextFSMResult {
    const templates = this.#templatesOf(request, options);
    const [first] = templates;
    if (first === undefined) throw new Error("there is no template");
    if (options.lenient || options.report || options.listItems === "typed") {
      if (templates.length > 1) {
        throw pluginErrors.Unsupported({
          what: `${templates.length} templates together with lenient, report or typed list items`,
          instead: "use these options with one template",
        });
      }
      return leniently(first, request.input, options);
    }
    const command = parseMerged(templates, request.input);
    if (options.sort) sortTable(command);
    return command.table.toObjects();
  }

  #templatesOf(request: ParseRequest, options: Options): Template[] {
    if (request.template !== undefined) return [this.#inline(request.template.text, options)];
    const library = this.#library(request.library, options);
    if (request.lookup === undefined) throw new Error("neither a template nor a look-up was given");
    const { platform, command } = request.lookup;
    const row = library.find(platform, command);
    if (row === undefined) {
      throw new Error(`the index of ${library.folder} has no template for ${command} on ${platform}`);
    }
    return row.template.split(":").map((file) => library.template(file));
  }

  /** A template is read once: jobs bring the same text again and again, and what V8 made of its rules is kept with it. */
  #inline(text: string, options: Options): Template {
    const key = `${options.lateFlags} ${text}`;
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = parseTemplate(text, options);
      if (this.#templates.size >= MAX_KEPT) this.#templates.clear();
      this.#templates.set(key, template);
    }
    return template;
  }

  #library(given: string | undefined, options: Options): TemplateLibrary {
    const wanted = given ?? process.env.NET_TEXTFSM;
    if (wanted === undefined) {
      throw new Error(
        "there is no template library: name its folder as ntc-templates in templates.libraries of config.yaml, or in NET_TEXTFSM",
      );
    }
    const key = `${wanted} ${options.lateFlags}`;
    let library = this.#libraries.get(key);
    if (library === undefined) {
      const folder = findLibraryFolder(wanted);
      if (folder === undefined)
        throw new Error(`${wanted} is no template library: it has no file named index`);
      library = new TemplateLibrary(folder, "index", options);
      this.#libraries.set(key, library);
    }
    return library;
  }
}

/** Templates of jobs that are kept in one thread. */
const MAX_KEPT = 200;

function leniently(template: Template, input: string, options: Options): TextFSMResult {
  const report = parseWithReport(template, input, options);
  if (report.stopped !== undefined && !options.lenient && !options.report) {
    throw new TextFSMError(report.stopped.message, report.stopped);
  }
  const sorted = options.sort ? sortedRows(template, report) : report.rows;
  const rows = sorted.map((row) => objectOf(report.header, row, options));
  if (!options.report) return rows;
  const { unmatched, stopped, trace } = report;
  return { rows, unmatched, stopped, trace };
}

/** The order is that of the rows as text; the rows stay what they are. */
function sortedRows(template: Template, { header, rows }: ParseReport): Row[] {
  const table = new TextTable(header);
  for (const row of rows) table.append(row);
  const rowOf = new Map(table.rows.map((texts, index) => [texts, rows[index] ?? []]));
  table.sort(valuesWith(template, "Key"));
  return table.rows.map((texts) => rowOf.get(texts) ?? []);
}

function objectOf(header: readonly string[], row: Row, options: Options): ObjectRow {
  const cells = options.listItems === "typed" ? row : row.map(textCell);
  return Object.fromEntries(header.map((name, index) => [name.toLowerCase(), cells[index] ?? ""]));
}

function describe({ template, lookup }: ParseRequest): string {
  if (template !== undefined) return template.name;
  return lookup === undefined ? "textfsm" : `${lookup.platform}, ${lookup.command}`;
}

function asParseFailed(error: unknown, template: string): NetPulseError {
  if (error instanceof NetPulseError) return error;
  if (error instanceof TextFSMTemplateError) {
    const { line, cause } = error;
    const why = cause instanceof PythonReError ? `${error.message} (${cause.message})` : error.message;
    return pluginErrors.ParseFailed(
      { template, why, ...(line === undefined ? {} : { line }) },
      { cause: error },
    );
  }
  if (error instanceof TextFSMError) {
    return pluginErrors.ParseFailed(
      { template, line: error.stop.ruleLine, why: error.message },
      { cause: error },
    );
  }
  const why = error instanceof StepBudgetExceeded || error instanceof Error ? error.message : String(error);
  return pluginErrors.ParseFailed({ template, why }, { cause: error });
}
