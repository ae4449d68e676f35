/**
 * After a pager was answered the device wipes its text from the screen with backspaces, blanks and carriage returns (which arrive
 * here as line ends). This drops them. Blanks that turn out to be the next line's indentation are given back.
 */
export class Erasure {
  private active = false;
  private blanks = "";
  private lineEnds = 0;

  /** The pager's text is gone; what follows may wipe it. */
  begin(): void {
    this.active = true;
    this.blanks = "";
    this.lineEnds = 0;
  }

  filter(text: string): string {
    if (!this.active) return text;
    for (let at = 0; at < text.length; at++) {
      const c = text[at];
      if (c === " ") this.blanks += c;
      else if (c === "\b") this.blanks = "";
      else if (c === "\n" && (this.lineEnds === 0 || (this.lineEnds === 1 && this.blanks !== ""))) {
        this.lineEnds++;
        this.blanks = "";
      } else {
        this.active = false;
        return this.blanks + text.slice(at);
      }
    }
    return "";
  }
}
