import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const PROJECT = join(import.meta.dirname, "..");

/** What each folder may import besides itself and npm packages: dependencies point one way. */
const ALLOWED: readonly (readonly [folder: string, from: readonly string[]])[] = [
  ["src/runtime", []],
  ["src/python", []],
  ["src/errors", []],
  ["src/simulator", []],
  ["src/device", ["src/errors", "src/plugin"]],
  ["src/api", ["src/runtime/objects.ts"]],
  ["src/plugin", ["src/errors", "src/runtime"]],
  ["src/config", ["src/errors", "src/plugin"]],
  ["src/operator", ["src/api", "src/config", "src/errors", "src/plugin", "src/runtime"]],
  ["src/worker", ["src/api", "src/config", "src/errors", "src/plugin", "src/runtime"]],
];

/**
 * Plugins of this project keep to what plugins of users can import: the entry points of the package. The error catalogue is
 * beside them because all of its tables stand in one folder.
 */
const PLUGIN_MAY = [
  "src/plugin",
  "src/device",
  "src/python",
  "src/errors",
  ...["jinja2", "textfsm", "ttp"].map((engine) => `plugins/templates/${engine}/engine.ts`),
  // The one engine for command lines, and its 240 platforms, serves every driver that needs one.
  "plugins/drivers/netmiko/command-line.ts",
];

/** Tests, and what only tests use. */
const OF_TESTS = /\.test\.ts$|(^|\/)(testing\/|test-)/;

function sourcesIn(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !OF_TESTS.test(file))
    .map((file) => join(folder, file));
}

/** Paths within the project that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(PROJECT, file), "utf8");
  const specifiers = [
    ...text.matchAll(/(?:^|\n)(?:import|export)[^;]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/g),
  ];
  return specifiers.map(([, static_, dynamic]) =>
    relative(PROJECT, join(PROJECT, dirname(file), static_ ?? dynamic ?? "")),
  );
}

function strays(folder: string, allowed: readonly string[]): string[] {
  return sourcesIn(folder).flatMap((file) =>
    importsOf(file)
      .filter(
        (target) => ![folder, ...allowed].some((base) => target === base || target.startsWith(`${base}/`)),
      )
      .map((target) => `${file} imports ${target}`),
  );
}

test.each(ALLOWED)("%s imports nothing but what it stands on", (folder, allowed) => {
  expect(sourcesIn(folder).length).toBeGreaterThan(0);
  expect(strays(folder, allowed)).toEqual([]);
});

const plugins = ["drivers", "templates", "schedulers", "webhooks"].flatMap((type) =>
  readdirSync(join(PROJECT, "plugins", type))
    .map((name) => join("plugins", type, name))
    .filter((folder) => statSync(join(PROJECT, folder)).isDirectory()),
);

test.each(plugins)("%s imports only its own folder and what plugins are given", (folder) => {
  expect(strays(folder, PLUGIN_MAY)).toEqual([]);
});
