import { createHash } from "node:crypto";
import type { Content, DigestAlgorithm } from "../../../src/plugin/index.ts";

/** A text as the content of a file that is put on a device. */
export class TextContent implements Content {
  readonly size: number;
  readonly #bytes: Buffer;

  constructor(text: string) {
    this.#bytes = Buffer.from(text, "utf8");
    this.size = this.#bytes.length;
  }

  read(into: Uint8Array, offset: number): Promise<number> {
    const part = this.#bytes.subarray(offset, offset + into.length);
    into.set(part);
    return Promise.resolve(part.length);
  }

  digest(algorithm: DigestAlgorithm): Promise<string> {
    return Promise.resolve(createHash(algorithm).update(this.#bytes).digest("hex"));
  }
}
