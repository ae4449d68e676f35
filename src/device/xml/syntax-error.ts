/** A text is no well-formed XML, or uses what is refused on purpose (a document type, an entity of its own). */
export class XmlSyntaxError extends Error {
  /** What is wrong, without the place. */
  readonly why: string;
  /** Line and column of the place, counted from 1, in UTF-16 units. */
  readonly line: number;
  readonly column: number;

  constructor(why: string, line: number, column: number) {
    super(`${why} (line ${line}, column ${column})`);
    this.name = "XmlSyntaxError";
    this.why = why;
    this.line = line;
    this.column = column;
  }

  /** The error for an offset in the text that was read. */
  static at(text: string, offset: number, why: string): XmlSyntaxError {
    const before = text.slice(0, offset);
    const start = before.lastIndexOf("\n") + 1;
    return new XmlSyntaxError(why, before.split("\n").length, offset - start + 1);
  }
}
