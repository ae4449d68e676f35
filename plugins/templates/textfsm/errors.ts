/** A template cannot be read. The message is the original's; `line` counts from 1 where the fault has a place. */
export class TextFSMTemplateError extends Error {
  readonly line: number | undefined;

  constructor(message: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "TextFSMTemplateError";
    this.line = line;
  }
}

/** Where and why parsing stopped at an `Error` rule. */
export interface ParseStop {
  readonly state: string;
  /** Line of the rule in the template, from 1. */
  readonly ruleLine: number;
  /** Line of the input, from 1. */
  readonly inputLine: number;
  readonly text: string;
}

/** The input met an `Error` rule. The message is the original's. */
export class TextFSMError extends Error {
  readonly stop: ParseStop;

  constructor(message: string, stop: ParseStop) {
    super(message);
    this.name = "TextFSMError";
    this.stop = stop;
  }
}

/** The index has no template for a command, or is no index. */
export class CliTableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CliTableError";
  }
}

/** A table cannot be made or shown as asked. */
export class TableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TableError";
  }
}

/** A template or an index is not in the library. */
export class TemplateFileMissing extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super(`There is no file ${JSON.stringify(name)} in the template library.`, options);
    this.name = "TemplateFileMissing";
  }
}
