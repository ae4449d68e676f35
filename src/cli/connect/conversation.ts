import { styleText } from "node:util";
import type { DriverTerminal } from "../../plugin/index.ts";

/** Where a person types and reads. */
export interface Console {
  readonly out: (text: string) => void;
  /** The next line that was typed; undefined at the end of the input. The prompt is shown before it. */
  readonly line: (prompt: string) => Promise<string | undefined>;
}

/** A device that says nothing for so long has answered, whatever its last line is. */
const QUIET_MS = 1500;
/** A known prompt is believed after this silence: more output may follow a line that looks like one. */
const SETTLE_MS = 150;

const HELP = `Lines go to the device. These stay here:
  :mode        which mode the last line is taken for
  :modes       all modes of the platform, with the patterns of their prompts
  :raw TEXT    send TEXT without a line end; \\n, \\r, \\t, \\e and \\xHH are understood
  :quit        end the session
`;

/**
 * A person talks to a device through a driver's command line. After each answer the mode is shown that the platform's file takes the last
 * line for, or that none of its prompts matches: the reason why commands would wait for ever.
 */
export async function converse(
  terminal: DriverTerminal,
  console: Console,
  closed: Promise<unknown>,
): Promise<void> {
  const answer = new Answer(terminal, console.out);
  let ended = false;
  void closed.then(() => {
    ended = true;
    answer.end();
  });
  console.out(`Platform ${terminal.platform}. :help tells what can be typed here.\n`);
  let last = terminal.lastLine;
  while (!ended) {
    const typed = await console.line(`${last}${annotation(terminal, last)} `);
    if (typed === undefined || typed === ":quit") break;
    const own = /^:(\w+)\s?(.*)$/.exec(typed);
    if (own && own[1] !== "raw") {
      console.out(ownCommand(terminal, own[1] ?? "", last));
      continue;
    }
    const done = answer.next(typed);
    terminal.write(own ? unescaped(own[2] ?? "") : `${typed}${terminal.lineEnd}`);
    await done;
    last = answer.lastLine;
  }
  terminal.onText(() => {});
  if (ended) console.out("\nThe device has ended the session.\n");
}

/** Shows what the device sends, and knows when that is over for now. */
class Answer {
  lastLine = "";
  readonly #terminal: DriverTerminal;
  #timer: NodeJS.Timeout | undefined;
  #done: (() => void) | undefined;
  /** What the device is about to send back, and the person has in front of them already. */
  #echo = "";

  constructor(terminal: DriverTerminal, out: (text: string) => void) {
    this.#terminal = terminal;
    terminal.onText((text) => {
      const lines = (this.lastLine + text).split("\n");
      this.lastLine = lines.pop() ?? "";
      // The last line is shown as the prompt of the next input.
      for (const line of lines) {
        const isEcho = this.#echo !== "" && line.trim() === this.#echo;
        if (!isEcho) out(`${line}\n`);
        this.#echo = "";
      }
      this.#watch();
    });
  }

  next(typed: string): Promise<void> {
    this.lastLine = "";
    this.#echo = typed.trim();
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#watch();
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#done?.();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const known = this.#terminal.modeAt(this.lastLine) !== undefined;
    this.#timer = setTimeout(() => this.end(), known ? SETTLE_MS : QUIET_MS);
  }
}

function annotation(terminal: DriverTerminal, line: string): string {
  const mode = terminal.modeAt(line);
  return mode === undefined
    ? styleText("yellow", ` [no prompt of ${terminal.platform}]`)
    : styleText("dim", ` [${mode}]`);
}

function ownCommand(terminal: DriverTerminal, name: string, last: string): string {
  if (name === "mode") {
    const mode = terminal.modeAt(last);
    return mode === undefined
      ? `${JSON.stringify(last)} is no prompt of ${terminal.platform}: compare it with :modes\n`
      : `${JSON.stringify(last)} is the prompt of mode ${mode}\n`;
  }
  if (name === "modes")
    return Object.entries(terminal.modes)
      .map(
        ([mode, prompt]) =>
          `${mode.padEnd(12)} ${prompt}${new RegExp(prompt).test(last.trimEnd()) ? "   <- matches" : ""}\n`,
      )
      .join("");
  return HELP;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", e: "\u001b", "\\": "\\" };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPES[letter] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
