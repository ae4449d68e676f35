import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process alone for files in passing: made when it is first needed, removed when the process ends. */
export class SpoolFolder {
  #path: string | undefined;

  get path(): string {
    if (this.#path === undefined) {
      // A name that nobody else can have prepared, readable by nobody else.
      const made = mkdtempSync(join(tmpdir(), "netpulse-transfer-"));
      this.#path = made;
      process.once("exit", this.remove);
    }
    return this.#path;
  }

  readonly remove = (): void => {
    process.off("exit", this.remove);
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  };
}
