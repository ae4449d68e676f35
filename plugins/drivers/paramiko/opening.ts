import type { Launch } from "./program.ts";

export type OpeningEvent =
  /** sudo wants the password: the first time, or again because it was wrong. */
  | { readonly kind: "password" }
  /** The program's shell waits for the text of the script. */
  | { readonly kind: "content" }
  /** The program begins (or sudo does, for a plain command); its process has this number. */
  | { readonly kind: "begun"; readonly pid: number }
  /** Text of the program. */
  | { readonly kind: "output"; readonly text: string };

/**
 * Reads the stream on which a host announces a program: finds sudo's prompt, the request for the script and the mark, and leaves the
 * program's own output. What was printed before the program began is kept apart.
 */
export class Opening {
  /** sudo's own words, and those of the shell's startup files. */
  preamble = "";
  private readonly launch: Launch;
  private readonly pty: boolean;
  private readonly tokens: RegExp;
  private pending = "";
  private begun: boolean;
  private answered = false;

  constructor(launch: Launch, pty: boolean) {
    this.launch = launch;
    this.pty = pty;
    this.begun = launch.mark === undefined;
    const { sudoPrompt, input, mark } = launch;
    // A group that cannot match stands for what this launch does not have.
    const [prompt, content, start] = [sudoPrompt, input?.after, mark?.text].map((text) => text ?? "(?!)");
    this.tokens = new RegExp(`(${prompt})|(${content})\\r?\\n|${start} (\\d+)\\r?\\n`);
  }

  /** Whether only the program's own text can come. */
  get over(): boolean {
    return this.begun && !(this.launch.mark?.means === "sudo" && this.launch.sudoPrompt !== undefined);
  }

  /** What was printed before the program began, with what may still become a prompt. */
  get waitsAfter(): string {
    return this.preamble + this.pending;
  }

  /** Takes a piece of the stream. */
  read(text: string): OpeningEvent[] {
    const events: OpeningEvent[] = [];
    this.pending += text;
    while (!this.over) {
      const found = this.tokens.exec(this.pending);
      if (!found) break;
      const before = this.pending.slice(0, found.index);
      this.pending = this.pending.slice(found.index + found[0].length);
      const [, prompt, content, pid] = found;
      // sudo may lecture before it asks, and complains between two prompts.
      if (this.begun && prompt === undefined) this.output(events, before);
      else this.preamble += before;
      if (prompt !== undefined) {
        this.answered = true;
        events.push({ kind: "password" });
      } else if (content !== undefined) events.push({ kind: "content" });
      else {
        this.begun = true;
        events.push({ kind: "begun", pid: Number(pid) });
      }
    }
    if (this.begun) {
      const held = this.over ? 0 : this.partOfPrompt();
      this.output(events, this.pending.slice(0, this.pending.length - held));
      this.pending = this.pending.slice(this.pending.length - held);
    }
    return events;
  }

  /** The end of the stream: what was held back because it might have become a prompt. */
  end(): string {
    const { pending } = this;
    this.pending = "";
    if (this.begun) return pending;
    this.preamble += pending;
    return "";
  }

  private output(events: OpeningEvent[], text: string): void {
    // On a terminal sudo ends the line of its prompt, since nobody saw the password.
    const own = this.answered && this.pty ? text.replace(/^\r?\n/, "") : text;
    if (text !== "") this.answered = false;
    if (own !== "") events.push({ kind: "output", text: own });
  }

  /** Length of the end of the pending text that a prompt may begin with. */
  private partOfPrompt(): number {
    const prompt = this.launch.sudoPrompt ?? "";
    for (let length = Math.min(prompt.length - 1, this.pending.length); length > 0; length--) {
      if (prompt.startsWith(this.pending.slice(-length))) return length;
    }
    return 0;
  }
}
