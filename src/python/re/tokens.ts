import { PythonReError } from "./errors.ts";

/**
 * Reads a pattern as Python's tokenizer does: a token is a character or a backslash with the character after it. It looks one
 * token ahead, so a lone backslash at the end is reported as soon as it comes next.
 */
export class Tokens {
  readonly pattern: string;
  /** Where the token after `next` starts. */
  #index = 0;
  next: string | undefined;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.#advance();
  }

  /** Where `next` starts: a UTF-16 offset. */
  tell(): number {
    return this.#index - (this.next?.length ?? 0);
  }

  seek(offset: number): void {
    this.#index = offset;
    this.#advance();
  }

  get(): string | undefined {
    const token = this.next;
    this.#advance();
    return token;
  }

  match(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  /** Up to `limit` tokens of which each is one of `characters`. */
  getWhile(limit: number, characters: string): string {
    let text = "";
    while (text.length < limit && this.next !== undefined && characters.includes(this.next)) {
      text += this.next;
      this.#advance();
    }
    return text;
  }

  /** The text up to a terminator, which is taken too. `what` names it in errors. */
  getUntil(terminator: string, what: string): string {
    let text = "";
    for (;;) {
      const token = this.get();
      if (token === undefined) {
        if (text === "") throw this.error(`missing ${what}`);
        throw this.error(`missing ${terminator}, unterminated name`, text.length);
      }
      if (token === terminator) {
        if (text === "") throw this.error(`missing ${what}`, 1);
        return text;
      }
      text += token;
    }
  }

  /** An error `back` characters before the next token. */
  error(message: string, back = 0): PythonReError {
    return new PythonReError(message, this.pattern, this.tell() - back);
  }

  #advance(): void {
    const index = this.#index;
    if (index >= this.pattern.length) {
      this.next = undefined;
      return;
    }
    const length = codeUnits(this.pattern, index);
    if (this.pattern.charCodeAt(index) !== 0x5c) {
      this.next = length === 1 ? (this.pattern[index] ?? "") : this.pattern.slice(index, index + length);
      this.#index = index + length;
      return;
    }
    if (index + 1 >= this.pattern.length) {
      throw new PythonReError("bad escape (end of pattern)", this.pattern, index);
    }
    const end = index + 1 + codeUnits(this.pattern, index + 1);
    this.next = this.pattern.slice(index, end);
    this.#index = end;
  }
}

function codeUnits(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 0xd800 || code > 0xdbff) return 1;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff ? 2 : 1;
}
