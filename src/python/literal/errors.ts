/** Python's SyntaxError: the text is no literal of the kind asked for. `at` is an offset into the text. */
export class PythonSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = "SyntaxError";
    this.at = at;
  }
}

/** Python's NameError: the text uses a name that nothing defines. */
export class PythonNameError extends Error {
  constructor(name: string) {
    super(`name '${name}' is not defined`);
    this.name = "NameError";
  }
}
