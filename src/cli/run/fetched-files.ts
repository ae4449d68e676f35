import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { OutputRef } from "../../api/index.ts";
import type { Execution } from "../../worker/task/execute.ts";

// Read and written at once: as much as keeps a disk busy.
const PIECE_BYTES = 1024 * 1024;

/**
 * Keeps what a job fetches to its output and is no short text: as `<folder>/<device>/<path on the device>`, never outside of the folder.
 * The reference that stands in the result names the file where a cluster's would name an object.
 */
export function fetchedFiles(folder: string, device: string): NonNullable<Execution["keepOutput"]> {
  return async ({ command, index }, content): Promise<OutputRef> => {
    const [, path = String(index)] = /^get (.+)$/.exec(command) ?? [];
    const steps = path.split(/[\\/:]+/).filter((step) => step !== "" && step !== "." && step !== "..");
    const file = join(folder, device, ...steps);
    mkdirSync(dirname(file), { recursive: true });
    const hash = createHash("sha256");
    const handle = await open(file, "w", 0o600);
    try {
      const piece = Buffer.alloc(PIECE_BYTES);
      for (let at = 0; at < content.size; ) {
        const read = await content.read(piece, at);
        if (read === 0) break;
        const bytes = piece.subarray(0, read);
        hash.update(bytes);
        await handle.write(bytes);
        at += read;
      }
    } finally {
      await handle.close();
    }
    return {
      kind: "NetOutput",
      name: relative(process.cwd(), file),
      size: content.size,
      sha256: hash.digest("hex"),
    };
  };
}
