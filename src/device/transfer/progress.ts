import type { Transfer } from "../../plugin/index.ts";

/** How much of the whole is there. */
export class Progress {
  private done = 0;
  private total: number;
  private readonly tell: Transfer["onProgress"];

  constructor(transfer: Transfer) {
    this.tell = transfer.onProgress;
    this.total =
      transfer.direction === "put"
        ? transfer.entries.reduce((sum, { content }) => sum + (content?.size ?? 0), 0)
        : 0;
  }

  expect(total: number): void {
    this.total = total;
  }

  advance(bytes: number): void {
    this.done += bytes;
    this.tell?.(this.done, Math.max(this.total, this.done));
  }
}
