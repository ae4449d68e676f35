import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BaseScheduler, free, withRoom } from "./index.ts";
import { BUILT_IN_PLUGINS, PluginRegistry, type PluginRegistryOptions } from "./registry.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "netpulse-plugins-"));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Writes plugins into a directory of their own: `{"schedulers/first/index.mjs": source}`. */
let directories = 0;
function directoryWith(files: Record<string, string>): string {
  directories += 1;
  const directory = join(root, String(directories));
  mkdirSync(directory);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), source);
  }
  return directory;
}

const scheduler = (name: string, body = "selectNode(workers) { return workers[0]; }") => `
  import { BaseScheduler, z } from "netpulse/plugin";
  export class Scheduler extends BaseScheduler {
    static schedulerName = "${name}";
    measure = "${name}";
    ${body}
  }`;

function registryOf(directories: string[], options: Partial<PluginRegistryOptions> = {}) {
  const logged: string[] = [];
  const invalid: [string, string, string][] = [];
  const write = (_fields: object, message = "") => void logged.push(message);
  const registry = new PluginRegistry({
    directories,
    log: { debug: write, info: write, warn: write, error: write },
    onInvalid: (...reported) => invalid.push(reported),
    ...options,
  });
  return { registry, logged, invalid };
}

test("the built-in schedulers and webhook are found by name", async () => {
  const { registry, invalid } = registryOf([BUILT_IN_PLUGINS]);
  expect(await registry.names("scheduler")).toEqual([
    "greedy",
    "least_load",
    "least_load_random",
    "load_weighted_random",
  ]);
  expect(await registry.names("webhook")).toEqual(["basic"]);
  expect(await registry.scheduler("greedy")).toBeInstanceOf(BaseScheduler);
  expect(invalid).toEqual([]);
});

test("a plugin is imported at its first use, once, and there is one instance of it", async () => {
  const imports: string[] = [];
  Reflect.set(globalThis, "importedPlugins", imports);
  const directory = directoryWith({
    "schedulers/used/index.mjs": `globalThis.importedPlugins.push("used"); ${scheduler("used")}`,
    "schedulers/unused/index.mjs": `globalThis.importedPlugins.push("unused"); ${scheduler("unused")}`,
  });
  const { registry } = registryOf([directory]);
  expect(imports).toEqual([]);
  const [one, two] = await Promise.all([registry.scheduler("used"), registry.scheduler("used")]);
  expect(one).toBe(two);
  expect(await registry.scheduler("used")).toBe(one);
  expect(imports).toEqual(["used"]);
  Reflect.deleteProperty(globalThis, "importedPlugins");
});

test("index.ts, index.js and index.mjs are all plugins, and need no package.json around them", async () => {
  const typed = scheduler("ts").replace("selectNode(workers)", "selectNode(workers: readonly never[])");
  const directory = directoryWith({
    "schedulers/ts/index.ts": typed,
    "schedulers/js/index.js": scheduler("js"),
    "schedulers/mjs/index.mjs": scheduler("mjs"),
    "schedulers/.hidden/index.mjs": "throw new Error('not a plugin')",
    "schedulers/README.md": "not a plugin",
  });
  const { registry, invalid } = registryOf([directory]);
  expect(await registry.names("scheduler")).toEqual(["js", "mjs", "ts"]);
  expect(invalid).toEqual([]);
});

test("a later directory overrides an earlier one, with a log line that names both", async () => {
  const mine = directoryWith({ "schedulers/greedy/index.mjs": scheduler("greedy") });
  const { registry, logged } = registryOf([BUILT_IN_PLUGINS, mine]);
  expect(await registry.scheduler("greedy")).toMatchObject({ measure: "greedy" });
  expect(logged).toEqual([
    `Plugin greedy of ${join(BUILT_IN_PLUGINS, "schedulers/greedy")} is overridden by ${join(mine, "schedulers/greedy")}`,
  ]);
});

test.each([
  ["a syntax error", { "index.mjs": "export class {" }, ""],
  ["an error at import", { "index.mjs": "throw new Error('no licence')" }, "no licence"],
  ["no index file", { "main.mjs": "" }, "it has no index.ts, index.js or index.mjs"],
  [
    "no plugin class",
    { "index.mjs": "export const a = 1;" },
    "it exports no class that extends a base class",
  ],
  ["a missing import", { "index.mjs": 'import "left-out";' }, "left-out"],
  [
    "no static name",
    { "index.mjs": scheduler("bad").replace('static schedulerName = "bad";', "") },
    "class Scheduler has no static schedulerName",
  ],
  [
    "another name than its folder",
    { "index.mjs": scheduler("good") },
    "its schedulerName is good; folder and name",
  ],
  ["a method left out", { "index.mjs": scheduler("bad", "") }, "class Scheduler has no method selectNode"],
  [
    "a property left out",
    { "index.mjs": scheduler("bad").replace('measure = "bad";', "") },
    "class Scheduler has no property measure",
  ],
  [
    "a constructor that throws",
    { "index.mjs": scheduler("bad", "constructor(e) { super(e); throw new Error('no'); } selectNode() {}") },
    "no",
  ],
])("a plugin with %s is skipped, reported once, and the others work", async (_what, files, why) => {
  const named = Object.entries(files).map(([name, source]) => [`schedulers/bad/${name}`, source]);
  const directory = directoryWith({
    ...Object.fromEntries(named),
    "schedulers/good/index.mjs": scheduler("good"),
  });
  const { registry, invalid, logged } = registryOf([directory]);
  const folder = join(directory, "schedulers/bad");
  await expect(registry.scheduler("bad")).rejects.toMatchObject({
    code: "PluginInvalid",
    message: expect.stringContaining(why),
  });
  await expect(registry.scheduler("bad")).rejects.toMatchObject({ code: "PluginInvalid" });
  expect(await registry.scheduler("good")).toMatchObject({ measure: "good" });
  expect(invalid).toEqual([["schedulers", folder, expect.stringContaining(why)]]);
  expect(logged).toEqual([expect.stringContaining(`Plugin ${folder} was skipped`)]);
});

test("a name that no directory has is refused with the known names, and is found once it is asked for rightly", async () => {
  const { registry } = registryOf([directoryWith({ "schedulers/good/index.mjs": scheduler("good") })]);
  const message = "There is no scheduler plugin god. Known: good.";
  await expect(registry.scheduler("god")).rejects.toMatchObject({ code: "PluginNotFound", message });
  await expect(registry.scheduler("__proto__")).rejects.toMatchObject({ code: "PluginNotFound" });
  await expect(registry.scheduler("../schedulers/good")).rejects.toMatchObject({ code: "PluginNotFound" });
  await expect(registry.driver("good")).rejects.toMatchObject({
    message: "There is no driver plugin good. Known: none.",
  });
});

test("a renderer and a parser may share a folder, and neither stands for the other", async () => {
  const directory = directoryWith({
    "templates/both/index.mjs": `
      import { BaseTemplateParser, BaseTemplateRenderer, z } from "netpulse/plugin";
      export class R extends BaseTemplateRenderer { static templateName = "both"; optionsSchema = z.object({}); render() { return ""; } }
      export class P extends BaseTemplateParser { static templateName = "both"; optionsSchema = z.object({}); parse() { return {}; } }`,
    "templates/one/index.mjs": `
      import { BaseTemplateParser, z } from "netpulse/plugin";
      export class P extends BaseTemplateParser { static templateName = "one"; optionsSchema = z.object({}); parse() { return {}; } }`,
  });
  const { registry } = registryOf([directory]);
  expect(await registry.names("renderer")).toEqual(["both"]);
  expect(await registry.names("parser")).toEqual(["both", "one"]);
  expect(await registry.renderer("both")).not.toBe(await registry.parser("both"));
  await expect(registry.renderer("one")).rejects.toMatchObject({ code: "PluginNotFound" });
});

test("a plugin gets its section of the configuration, checked and completed by its own schema", async () => {
  const configurable = scheduler(
    "own",
    "static configSchema = z.strictObject({ spreadFactor: z.number().default(2), limits: z.strictObject({ perHost: z.number().default(1) }).prefault({}), zone: z.string() }); get settings() { return this.config; } selectNode() {}",
  );
  const directory = directoryWith({
    "schedulers/own/index.mjs": configurable,
    "schedulers/plain/index.mjs": scheduler("plain"),
  });
  const withSection = (own: object) =>
    registryOf([directory], { config: { schedulers: { own, plain: own } } }).registry;
  expect(await withSection({ zone: "a" }).scheduler("own")).toMatchObject({
    settings: { spreadFactor: 2, zone: "a" },
  });
  // As NETPULSE_PLUGINS__SCHEDULERS__OWN__SPREAD_FACTOR=3 gives it.
  expect(await withSection({ zone: "a", spread_factor: 3 }).scheduler("own")).toMatchObject({
    settings: { spreadFactor: 3 },
  });
  expect(await withSection({ zone: "a", limits: { perhost: 3 } }).scheduler("own")).toMatchObject({
    settings: { limits: { perHost: 3 } },
  });
  await expect(withSection({ zone: 1, sprad: 3 }).scheduler("own")).rejects.toMatchObject({
    code: "PluginInvalid",
    message: expect.stringMatching(/plugins\.schedulers\.own\.zone: .*; plugins\.schedulers\.own: .*sprad/),
  });
  await expect(withSection({ zone: "a" }).scheduler("plain")).rejects.toMatchObject({
    message: expect.stringContaining("plugins.schedulers.plain in the configuration must be empty"),
  });
  expect(await withSection({}).scheduler("plain")).toMatchObject({ measure: "plain" });
});

test("sections that belong to no plugin are told", () => {
  const config = { schedulers: { greedy: {}, greddy: {} }, webhooks: { basic: {} }, drivers: { nope: {} } };
  expect(registryOf([BUILT_IN_PLUGINS], { config }).registry.strayKeys()).toEqual([
    "plugins.drivers.nope",
    "plugins.schedulers.greddy",
  ]);
});

test("a plugin directory that is not there is reported, and the others are used", async () => {
  const { registry, invalid } = registryOf([BUILT_IN_PLUGINS, join(root, "absent")]);
  expect(await registry.names("webhook")).toEqual(["basic"]);
  expect(invalid).toEqual([["webhooks", join(root, "absent"), "there is no such directory"]]);
});

test("outside of tests too, a plugin anywhere on disk extends the very classes that the program has", async () => {
  const directory = directoryWith({ "schedulers/far/index.mjs": scheduler("far") });
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const program = `
    import { BaseScheduler } from ${module("./index.ts")};
    import { PluginRegistry } from ${module("./registry.ts")};
    const registry = new PluginRegistry({ directories: [${JSON.stringify(directory)}], log: console });
    console.log((await registry.scheduler("far")) instanceof BaseScheduler);`;
  const run = await promisify(execFile)("node", ["--input-type=module", "--eval", program], {
    cwd: tmpdir(),
  });
  expect(run.stdout).toBe("true\n");
});

test("places left are never negative, and only workers with room are offered", () => {
  const over = { name: "a", pinned: 5, capacity: 2 };
  const open = { name: "b", pinned: 0, capacity: 3 };
  expect([free(over), free(open)]).toEqual([0, 3]);
  expect(withRoom([over, open])).toEqual([open]);
});
