import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const texts = z.record(z.string(), z.string());

/** What a simulated device says and accepts: one file per kind in `devices/`. `{hostname}` and `{username}` are replaced. */
const schema = z.strictObject({
  hostname: z.string(),
  banner: z.string().default(""),
  prompts: texts,
  /** Mode after login, and the mode that leaving configuration leads to. */
  start: z.string(),
  home: z.string(),
  /** Mode -> input -> next mode; `up` leaves one configuration level. */
  moves: z.record(z.string(), texts),
  /** Inputs that ask for the enable secret, with the question; `enable` always does where a secret is set. */
  asks: texts.default({}),
  leave: z.array(z.string()),
  /** Pattern of a configuration line -> name of the level that it opens. */
  submodes: texts,
  submodeAtTop: z.string(),
  /** First words that configuration lines may have; empty: any. */
  words: z.string(),
  invalid: z.string(),
  /** Beginnings of lines of which only one can exist at a place. */
  replaces: z.array(z.string()),
  commentLine: z.string(),
  showConfig: z.strictObject({ header: z.string(), separator: z.string(), footer: z.string() }),
  initial: z.string(),
  /** Snapshots of the running configuration: a first group names them. */
  snapshots: z
    .strictObject({ take: z.string(), restore: z.string(), drop: z.string(), taken: z.string() })
    .optional(),
  /** Files on a flash, and all that IOS does with them. */
  flash: z.boolean().default(false),
  /** `configure session NAME` with commit, commit timer, abort and differences. */
  sessions: z.boolean().default(false),
  save: z.array(z.strictObject({ match: z.string(), says: z.string(), asks: z.string().optional() })),
  /** Inputs that succeed without output. */
  quiet: z.array(z.string()),
  outputs: texts,
});

export type Description = z.output<typeof schema>;

const known = new Map<string, Description>();

/** The description of a kind of device (`cisco_ios`, `arista_eos`, `cisco_nxos`, `linux`). Throws for any other. */
export function description(platform: string): Description {
  const ready = known.get(platform);
  if (ready) return ready;
  const file = join(import.meta.dirname, "devices", `${platform}.yaml`);
  const loaded = schema.parse(parse(readFileSync(file, "utf8")));
  known.set(platform, loaded);
  return loaded;
}
