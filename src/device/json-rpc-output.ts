/** Which text of a reply is output: given the keys and indices that lead to it, its number; undefined for any other. */
export type OutputPlace = (path: readonly (string | number)[]) => number | undefined;

/**
 * Reads a JSON-RPC reply piece by piece and hands on the texts at `result[n].output` (or at another `place`) as they come, so that a
 * large one is never held. Everything else of the reply is kept, with those texts empty.
 *
 * @example
 * const reader = new OutputReader((text) => file.write(text));
 * for await (const piece of body) reader.push(piece);
 * JSON.parse(reader.rest()); // { jsonrpc: "2.0", result: [{ output: "" }], id: "1" }
 */
export class OutputReader {
  readonly #onOutput: (text: string, index: number) => void;
  readonly #place: OutputPlace;
  readonly #kept: string[] = [];
  /** The containers that are open: the key or the index that is being read in each. */
  readonly #path: (string | number)[] = [];
  /** A string that is not finished, without its opening quote; undefined outside of strings. */
  #string: string | undefined;
  /** The number of the output that is being handed on. */
  #streaming: number | undefined;
  /** The last string, which is a key if a colon follows. */
  #last = "";

  constructor(onOutput: (text: string, index: number) => void, place: OutputPlace = resultOutput) {
    this.#onOutput = onOutput;
    this.#place = place;
  }

  /** Takes the next piece of the reply. */
  push(piece: string): void {
    let at = 0;
    while (at < piece.length)
      at = this.#string === undefined ? this.#structure(piece, at) : this.#text(piece, at);
  }

  /** The reply without the texts that were handed on. */
  rest(): string {
    return this.#kept.join("");
  }

  /** Reads up to the next string. */
  #structure(piece: string, from: number): number {
    let at = from;
    for (; at < piece.length && piece[at] !== '"'; at++) this.#step(piece[at] ?? "");
    this.#kept.push(piece.slice(from, at));
    if (at < piece.length) {
      this.#string = "";
      this.#streaming = this.#place(this.#path);
      this.#kept.push('"');
      at++;
    }
    return at;
  }

  #step(character: string): void {
    const path = this.#path;
    const last = path.length - 1;
    if (character === "{") path.push("");
    else if (character === "[") path.push(0);
    else if (character === "}" || character === "]") path.pop();
    else if (character === ":") path[last] = this.#last;
    else if (character === ",") {
      const place = path[last];
      path[last] = typeof place === "number" ? place + 1 : "";
    }
  }

  /** Reads a string, or as much of it as there is. */
  #text(piece: string, from: number): number {
    const string = (this.#string ?? "") + piece.slice(from);
    const end = endOfString(string);
    const whole = end === undefined ? completeEscapes(string) : end;
    const done = string.slice(0, whole);
    if (this.#streaming !== undefined) {
      if (done !== "") this.#onOutput(JSON.parse(`"${done}"`), this.#streaming);
      this.#string = end === undefined ? string.slice(whole) : undefined;
    } else {
      this.#string = end === undefined ? string : undefined;
      if (end !== undefined) {
        this.#kept.push(done);
        this.#last = done.includes("\\") ? JSON.parse(`"${done}"`) : done;
      }
    }
    if (end === undefined) return piece.length;
    this.#kept.push('"');
    return from + end + 1 - (string.length - (piece.length - from));
  }
}

/** `result[n].output`. */
function resultOutput([first, index, key, ...deeper]: readonly (string | number)[]): number | undefined {
  const found = first === "result" && typeof index === "number" && key === "output" && deeper.length === 0;
  return found ? index : undefined;
}

/** Where the closing quote of a string is. */
function endOfString(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return undefined;
}

/** How much of a piece of a string has no escape that is cut off. */
function completeEscapes(text: string): number {
  const cut = /(?:\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?)$/.exec(
    text,
  );
  if (!cut) return text.length;
  const before = /\\*$/.exec(text.slice(0, cut.index))?.[0].length ?? 0;
  // An odd number of backslashes before it: the first one of the match is itself escaped.
  return before % 2 === 1 ? text.length : cut.index;
}
