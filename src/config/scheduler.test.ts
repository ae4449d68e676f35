import { expect, test } from "vitest";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../plugin/registry.ts";
import { loadScheduler } from "./scheduler.ts";
import { configSchema } from "./schema.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function load(given: object) {
  const config = configSchema.parse(given);
  const registry = new PluginRegistry({
    directories: [BUILT_IN_PLUGINS],
    config: config.plugins,
    log: silent,
  });
  return loadScheduler(registry, config);
}

test("the scheduler that the configuration names is the one that decides", async () => {
  expect(await load({ operator: { scheduler: "greedy" } })).toMatchObject({
    measure: "first in the list with room",
  });
});

test("a scheduler that does not exist is refused with the names of those that do", async () => {
  await expect(load({ operator: { scheduler: "fair" } })).rejects.toMatchObject({
    code: "ConfigInvalid",
    message: expect.stringContaining(
      "operator.scheduler: There is no scheduler plugin fair. Known: greedy, least_load, least_load_random, load_weighted_random.",
    ),
  });
});

test("a scheduler whose settings are wrong is refused with their place", async () => {
  await expect(load({ plugins: { schedulers: { least_load: { spread: 2 } } } })).rejects.toMatchObject({
    message: expect.stringContaining("plugins.schedulers.least_load in the configuration must be empty"),
  });
});

test("a section for a plugin that does not exist is refused", async () => {
  await expect(load({ plugins: { webhooks: { bassic: {} } } })).rejects.toMatchObject({
    message: expect.stringContaining("plugins.webhooks.bassic: there is no such plugin"),
  });
});
