import { styleText } from "node:util";

/** Where progress is shown: standard output, or a recorder in tests. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** Without a terminal, one line for what takes long is enough. */
const LINE_EVERY_MS = 10_000;
// Some terminals say 0 when they do not know.
const DEFAULT_COLUMNS = 80;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Shows steps as they go: on a terminal one line that lives, elsewhere a line per finished step. */
export class Progress {
  readonly #screen: Screen;
  readonly #now: () => number;

  constructor(screen: Screen, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
  }

  /** A line of its own, between steps. */
  say(text: string): void {
    this.#screen.write(`${text}\n`);
  }

  heading(text: string): void {
    this.say(`\n${styleText("bold", text)}`);
  }

  /**
   * Runs one step. `note` changes what is shown while it runs, and its last text stays in the finished line.
   * A step that fails is shown as failed, and its error goes on.
   */
  async step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    const started = this.#now();
    let text = "";
    let lastLine = started;
    const elapsed = () => `${((this.#now() - started) / 1000).toFixed(1)} s`;
    let frame = 0;
    const timer = setInterval(() => {
      if (this.#screen.isTTY) {
        this.#redraw(`${FRAMES[frame++ % FRAMES.length]} ${line(title, text)}  ${elapsed()}`);
      } else if (this.#now() - lastLine >= LINE_EVERY_MS) {
        lastLine = this.#now();
        this.say(`  ${line(title, text)}  ${elapsed()}`);
      }
    }, REDRAW_MS);
    try {
      const result = await work((note) => {
        text = note;
      });
      this.#finish(`${styleText("green", "✔")} ${line(title, text)}  ${styleText("dim", elapsed())}`);
      return result;
    } catch (error) {
      this.#finish(`${styleText("red", "✘")} ${line(title, text)}  ${elapsed()}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #redraw(text: string): void {
    this.#screen.write(`\r\u001b[K${text.slice(0, (this.#screen.columns || DEFAULT_COLUMNS) - 1)}`);
  }

  #finish(text: string): void {
    this.#screen.write(this.#screen.isTTY ? `\r\u001b[K${text}\n` : `${text}\n`);
  }
}

const line = (title: string, note: string) => (note === "" ? title : `${title}: ${note}`);
