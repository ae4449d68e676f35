/** A device wrote something where a value of another kind was expected: a text that is no address, a number that is none. */
export class InvalidValue extends Error {
  override readonly name = "InvalidValue";

  constructor(what: string, text: string) {
    super(`${JSON.stringify(text)} is not ${what}.`);
  }
}
