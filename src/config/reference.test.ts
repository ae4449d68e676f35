import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { defaultFile } from "./default-file.ts";
import { configKeys, pluginKeys } from "./reference.ts";
import { referencePage } from "./reference-page.ts";
import { configSchema } from "./schema.ts";

test("the default file has every key at its default, each under its description", () => {
  const file = defaultFile(configKeys());
  expect(parse(file)).toEqual(configSchema.parse({}));
  expect(file).toContain(
    "  # Devices that may be pinned to one worker, where the pool does not say.\n  capacity: 100\n",
  );
  for (const line of file.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
});

test("the page has a row for every key with type, default and meaning", () => {
  const schema = z.strictObject({ zone: z.enum(["a", "b"]).default("a").describe("Where it stands.") });
  const plugins = [
    { section: "plugins.schedulers.own", keys: pluginKeys(schema, ["plugins", "schedulers", "own"]) },
  ];
  const page = referencePage(configKeys(), plugins);
  expect(page).toContain(
    "| `worker.capacity` | integer, 1 to 5000 | `100` | Devices that may be pinned to one worker, where the pool does not say. |",
  );
  expect(page).toContain("### plugins.schedulers.own\n");
  expect(page).toContain('| `plugins.schedulers.own.zone` | `a`, `b` | `"a"` | Where it stands. |');
});

test("a key without a description is refused", () => {
  expect(() => pluginKeys(z.object({ a: z.string().default("") }), ["own"])).toThrow(
    "own.a has no description",
  );
});
