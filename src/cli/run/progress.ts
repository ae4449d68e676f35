import { styleText } from "node:util";
import type { DeviceResult } from "../../api/index.ts";

/** A line on standard error for each device that ends, and below it, on a terminal, which ones are at work. */
export class RunProgress {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  readonly #running = new Set<string>();
  #done = 0;

  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  started(device: string): void {
    this.#running.add(device);
    this.#draw();
  }

  ended({ device, state, reason }: DeviceResult): void {
    this.#running.delete(device);
    this.#done += 1;
    const colour = state === "Succeeded" ? "green" : "red";
    this.say(`${styleText(colour, state.padEnd(9))}  ${device}${reason ? `  ${reason}` : ""}`);
  }

  /** A line above the one that is drawn again and again. */
  say(line: string): void {
    this.#clear();
    this.#write(`${line}\n`);
    this.#draw();
  }

  finish(): void {
    this.#clear();
  }

  #draw(): void {
    if (!this.#isTerminal || this.#running.size === 0) return;
    const names = [...this.#running];
    const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
    this.#write(`\r\u001b[K${this.#done} done, at work: ${shown}`);
  }

  #clear(): void {
    if (this.#isTerminal) this.#write("\r\u001b[K");
  }
}
