import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ZodType } from "zod";

/** The records of a JSON Lines file, each checked; none when the file is absent. Throws with file and line when one is wrong. */
export function* readJsonLines<T>(folder: string, file: string, schema: ZodType<T>): Generator<T> {
  const path = join(folder, file);
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const record = schema.safeParse(JSON.parse(line));
    if (!record.success) throw new Error(`${path}, line ${index + 1}: ${record.error.message}`);
    yield record.data;
  }
}

/** A JSON file, checked; undefined when it is absent. */
export function readJson<T>(folder: string, file: string, schema: ZodType<T>): T | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  return schema.parse(JSON.parse(readFileSync(path, "utf8")));
}
