import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const row = z.strictObject({
  platform: z.string(),
  instead: z.strictObject({ theirs: z.string(), ours: z.string() }).optional(),
  without: z.string().optional(),
  stops: z.string().optional(),
  besides: z.strictObject({ exchange: z.string(), reply: z.unknown() }).optional(),
  why: z.string(),
});

/** An exchange in which our plan differs from NAPALM's on purpose. */
export type Deviation = z.infer<typeof row>;

/** All of them, from `deviations.yaml`. */
export function readDeviations(): readonly Deviation[] {
  const text = readFileSync(new URL("deviations.yaml", import.meta.url), "utf8");
  return z.array(row).parse(parse(text));
}
