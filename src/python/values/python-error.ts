/** The classes of Python's built-in exceptions that value operations raise. */
export type PythonErrorKind =
  | "TypeError"
  | "ValueError"
  | "KeyError"
  | "IndexError"
  | "AttributeError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "RuntimeError"
  | "StopIteration"
  | "LookupError";

/**
 * A failed operation on Python values, with Python's own class name and message.
 *
 * `name` and `kind` are the class, for instance `TypeError`; engines show both to the user.
 */
export class PythonError extends Error {
  readonly kind: PythonErrorKind;

  constructor(kind: PythonErrorKind, message: string) {
    super(message);
    this.name = kind;
    this.kind = kind;
  }
}

export const typeError = (message: string): PythonError => new PythonError("TypeError", message);
export const valueError = (message: string): PythonError => new PythonError("ValueError", message);
export const attributeError = (message: string): PythonError => new PythonError("AttributeError", message);
