/** Lines longer than this are folded at a blank. */
const WIDTH = 80;
const INDENT = 2;

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\x85": "N",
  "\xa0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** Writes YAML tokens with PyYAML's rules for blanks, indentation and folding. */
export class YamlWriter {
  text = "";
  #column = 0;
  #indent: number | undefined;
  /** The last thing written was white space. */
  #whitespace = true;
  #indention = true;

  /** Nothing but white space and indicators is on this line. */
  get atIndention(): boolean {
    return this.#indention;
  }

  /** Runs `write` one level deeper; sequences in mappings are not indented. */
  indented(indentless: boolean, write: () => void): void {
    const outer = this.#indent;
    if (outer === undefined) this.#indent = 0;
    else if (!indentless) this.#indent = outer + INDENT;
    write();
    this.#indent = outer;
  }

  indicator(text: string, needsSpace: boolean, keepsIndention = false): void {
    this.#write(this.#whitespace || !needsSpace ? text : ` ${text}`);
    this.#whitespace = false;
    this.#indention = this.#indention && keepsIndention;
  }

  /** Goes to the indentation, on a new line where this one has something in the way. */
  newLine(): void {
    const indent = this.#indent ?? 0;
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace))
      this.#break();
    if (this.#column < indent) {
      this.#write(" ".repeat(indent - this.#column));
      this.#whitespace = true;
    }
  }

  endLine(): void {
    if (this.#column > 0) this.#break();
  }

  plain(text: string, fold: boolean): void {
    if (!this.#whitespace) this.#write(" ");
    this.#whitespace = false;
    this.#indention = false;
    this.#folded(text, fold, false);
  }

  singleQuoted(text: string, fold: boolean): void {
    this.indicator("'", true);
    this.#folded(text.replaceAll("'", "''"), fold, true);
    this.indicator("'", false);
  }

  doubleQuoted(text: string, fold: boolean): void {
    this.indicator('"', true);
    const chars = Array.from(text);
    let run = "";
    for (const [index, char] of chars.entries()) {
      const escaped = escapeChar(char);
      if (escaped !== char) {
        this.#write(run + escaped);
        run = "";
      } else if (char !== " ") {
        run += char;
      }
      const mayFold = fold && index > 0 && index < chars.length - 1 && (char === " " || run === "");
      if (mayFold && this.#column + run.length > WIDTH) {
        this.#write(`${run}\\`);
        run = "";
        this.newLine();
        this.#whitespace = false;
        this.#indention = false;
        const next = char === " " ? " " : (chars[index + 1] ?? "");
        if (next === " ") this.#write("\\");
      }
      if (char === " " && escaped === char) run += " ";
    }
    this.#write(run);
    this.indicator('"', false);
  }

  /** Words with folds at single blanks; a line end within quotes is written as an empty line. */
  #folded(text: string, fold: boolean, quoted: boolean): void {
    const parts = text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? [];
    for (const [index, part] of parts.entries()) {
      const atEdge = index === 0 || index === parts.length - 1;
      if (part === " " && fold && this.#column > WIDTH && !(quoted && atEdge)) {
        this.newLine();
        this.#whitespace = false;
        this.#indention = false;
      } else if (/^[\n\x85\u2028\u2029]/.test(part)) {
        if (part.startsWith("\n")) this.#break();
        for (const _line of part) this.#break();
        this.newLine();
      } else {
        this.#write(part);
      }
    }
  }

  #break(): void {
    this.text += "\n";
    this.#column = 0;
    this.#whitespace = true;
    this.#indention = true;
  }

  #write(text: string): void {
    this.text += text;
    this.#column += text.length;
  }
}

function escapeChar(char: string): string {
  const short = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
  if (short !== undefined) return `\\${short}`;
  if (char >= " " && char <= "~") return char;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
