import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "./load.ts";
import { configSchema } from "./schema.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "netpulse-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(yaml: string, env: Record<string, string> = {}) {
  const file = join(folder, "config.yaml");
  writeFileSync(file, yaml);
  return loadConfig({ file, env });
}

/** The lines of the message, without the folder. */
function problems(yaml: string, env: Record<string, string> = {}): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return message
      .replaceAll(`${folder}/`, "")
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const defaults = configSchema.parse({});

describe("the file", () => {
  test("that comes with NetPulse holds exactly the defaults", () => {
    expect(loadConfig({ env: {} })).toEqual(defaults);
  });

  test.each(["", "# nothing\n", "operator:\nworker:\n  # capacity: 5\n"])(
    "may leave out whatever it likes: %j",
    (yaml) => {
      expect(load(yaml)).toEqual(defaults);
    },
  );

  test("sets what it names, and its relative paths start at its folder", () => {
    const config = load(`
worker: { capacity: 7 }
templates: { libraries: { ntc-templates: templates/ntc, other: /srv/other } }
plugins:
  directories: [./mine, /srv/plugins]
  webhooks: { basic: { allowedNetworks: [10.0.0.0/8] } }
`);
    expect(config.worker).toEqual({ ...defaults.worker, capacity: 7 });
    expect(config.templates.libraries).toEqual({
      "ntc-templates": join(folder, "templates/ntc"),
      other: "/srv/other",
    });
    expect(config.plugins.directories).toEqual([join(folder, "mine"), "/srv/plugins"]);
    expect(config.plugins.webhooks).toEqual({ basic: { allowedNetworks: ["10.0.0.0/8"] } });
  });

  test("is the one that NETPULSE_CONFIG_FILE names, unless the caller names one", () => {
    const file = join(folder, "other.yaml");
    writeFileSync(file, "log: { level: debug }");
    expect(loadConfig({ env: { NETPULSE_CONFIG_FILE: file } }).log.level).toBe("debug");
  });

  test("that is missing or is not YAML is refused with its place", () => {
    expect(() => loadConfig({ file: join(folder, "absent.yaml"), env: {} })).toThrow(/absent\.yaml: ENOENT/);
    expect(() => load("worker:\n  capacity: [1\n")).toThrow(/config\.yaml, line 3: /);
    expect(() => load("worker: {}\nlog: {}\nworker: {}\n")).toThrow(/config\.yaml, line 3: .*unique/);
  });
});

describe("what is wrong is told with file, line, key and remedy:", () => {
  test.each([
    [
      "an unknown key",
      "worker:\n  capazity: 5",
      "config.yaml, line 2: worker.capazity is not a known key. Did you mean capacity?",
    ],
    [
      "an unknown section",
      "log: {}\n\nredis: {}",
      "config.yaml, line 3: redis is not a known key. Remove it; known here are operator, worker, server, client, templates, log, plugins.",
    ],
    [
      "a wrong type",
      "worker:\n  capacity: many",
      "config.yaml, line 2: worker.capacity: expected number, received string",
    ],
    [
      "a wrong value",
      "log: { level: loud }",
      'config.yaml, line 1: log.level: Invalid option: expected one of "debug"|"info"|"warn"|"error"',
    ],
    [
      "a number out of range",
      "templates:\n  threads: 0",
      "config.yaml, line 2: templates.threads: Too small: expected number to be >=1",
    ],
    [
      "an item of a list",
      "operator:\n  namespaces:\n    - lab\n    - 7",
      "config.yaml, line 2: operator.namespaces.1: expected string, received number",
    ],
    [
      "keys that contradict each other",
      "operator:\n  leaderElection:\n    leaseSeconds: 8",
      "config.yaml, line 2: operator.leaderElection.renewDeadlineSeconds: must be less than leaseSeconds",
    ],
    [
      "a plugin section that is no map",
      "plugins:\n  drivers:\n    netmiko: fast",
      "config.yaml, line 3: plugins.drivers.netmiko: expected record, received string",
    ],
  ])("%s", (_what, yaml, expected) => expect(problems(yaml)).toEqual([expected]));

  test("all of them at once", () => {
    expect(problems("worker: { capacity: 0, a: 1, b: 2 }\nlog: { level: x }")).toHaveLength(4);
  });
});

describe("an environment variable", () => {
  test.each([
    ["NETPULSE_WORKER__CAPACITY", "9", { worker: { capacity: 9 } }],
    ["netpulse_worker__idletimeoutseconds", "9", { worker: { idleTimeoutSeconds: 9 } }],
    ["NETPULSE_WORKER__IDLE_TIMEOUT_SECONDS", "9", { worker: { idleTimeoutSeconds: 9 } }],
    [
      "NETPULSE_OPERATOR__LEADER_ELECTION__ENABLED",
      "false",
      { operator: { leaderElection: { enabled: false } } },
    ],
    ["NETPULSE_OPERATOR__NAMESPACES", '["lab", "prod"]', { operator: { namespaces: ["lab", "prod"] } }],
    ["NETPULSE_OPERATOR__WORKERIMAGE", "2024", { operator: { workerImage: "2024" } }],
    [
      "NETPULSE_OPERATOR__LEADERELECTION",
      '{"leaseName": "x"}',
      { operator: { leaderElection: { leaseName: "x" } } },
    ],
    [
      "NETPULSE_PLUGINS__WEBHOOKS__BASIC",
      '{"allowedNetworks": []}',
      { plugins: { webhooks: { basic: { allowedNetworks: [] } } } },
    ],
    [
      "NETPULSE_PLUGINS__SCHEDULERS__LEAST_LOAD__SPREAD",
      "2",
      { plugins: { schedulers: { least_load: { spread: 2 } } } },
    ],
  ])("%s=%s overrides the file", (variable, value, expected) => {
    expect(
      load("worker: { capacity: 3 }\noperator: { namespaces: [a] }", { [variable]: value }),
    ).toMatchObject(expected);
  });

  test("finds a name of the file by its spelling there", () => {
    const yaml = "templates:\n  libraries:\n    ntc-templates: /a";
    const config = load(yaml, { NETPULSE_TEMPLATES__LIBRARIES__NTC_TEMPLATES: "/b" });
    expect(config.templates.libraries).toEqual({ "ntc-templates": "/b" });
  });

  test("that is wrong is named in the message, in place of the file", () => {
    expect(problems("worker: { capacity: 3 }", { NETPULSE_WORKER__CAPACITY: "lots" })).toEqual([
      "environment variable NETPULSE_WORKER__CAPACITY: worker.capacity: expected number, received string",
    ]);
    expect(problems("", { NETPULSE_WROKER__CAPACITY: "3" })).toEqual([
      "environment variable NETPULSE_WROKER__CAPACITY: wroker is not a known key. Did you mean worker?",
    ]);
  });

  test("without two underscores is none of ours, such as those of a Service named netpulse", () => {
    const env = {
      NETPULSE_SERVICE_HOST: "10.96.0.7",
      NETPULSE_PORT: "tcp://10.96.0.7:80",
      NETPULSE_HOME: "/srv",
    };
    expect(load("", env)).toEqual(defaults);
  });

  test("can set every key, whatever its name and value", () => {
    const keys = fc.constantFrom<[string, string, unknown][]>(
      [["server", "port", 0]],
      [["client", "qps", 1.5]],
      [["log", "level", "warn"]],
      [["worker", "keepaliveSeconds", 0]],
      [["operator", "namespaces", ["network", "lab"]]],
    );
    fc.assert(
      fc.property(fc.uniqueArray(keys, { selector: JSON.stringify }), fc.boolean(), (picked, upper) => {
        const entries = picked.flat().map(([section, key, value]) => {
          const variable = `NETPULSE_${section}__${key}`;
          return [
            upper ? variable.toUpperCase() : variable,
            typeof value === "string" ? value : JSON.stringify(value),
          ];
        });
        const config: Record<string, unknown> = load("", Object.fromEntries(entries));
        for (const [section, key, value] of picked.flat())
          expect(config[section]).toMatchObject({ [key]: value });
      }),
    );
  });

  test("never reaches an object's prototype", () => {
    const env = {
      NETPULSE_PLUGINS__DRIVERS__CONSTRUCTOR__PROTOTYPE__X: "1",
      NETPULSE_WORKER__CONSTRUCTOR: "1",
    };
    expect(problems("", env)).toEqual([expect.stringContaining("worker.constructor is not a known key")]);
    expect(Reflect.get({}, "x")).toBeUndefined();
  });
});
