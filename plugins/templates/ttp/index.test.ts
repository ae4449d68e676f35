import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test, vi } from "vitest";
import { TtpParser } from "./index.ts";
import { libraryPath } from "./library.ts";

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function parserOf(config: unknown = {}): TtpParser {
  return new TtpParser({ config, log: silent, random: () => 0 });
}

const INTERFACES = { name: "interfaces.txt", text: "<group name='i*'>\ninterface {{ name }}\n</group>" };
const MACRO = {
  name: "macro.txt",
  text: "<macro>\ndef shout(data):\n    return data.upper()\n</macro>\n<group name='i*'>\ninterface {{ name | macro('shout') }}\n</group>",
};

describe("the plugin", () => {
  test("parses with a template and TTP's structures", () => {
    const request = { input: "interface Gi1\n", template: INTERFACES };
    expect(parserOf().parse({ ...request, options: {} })).toEqual([[{ i: [{ name: "Gi1" }] }]]);
    expect(parserOf().parse({ ...request, options: { structure: "dictionary" } })).toEqual({
      _root_template_: [{ i: [{ name: "Gi1" }] }],
    });
    expect(parserOf().parse({ ...request, options: { format: "csv", structure: "flat_list" } })).toEqual([
      "\"i\"\n\"[{'name': 'Gi1'}]\"",
    ]);
  });

  test("finds a template by platform and command", () => {
    const library = mkdtempSync(join(tmpdir(), "ttp-library-"));
    mkdirSync(join(library, "platform"));
    writeFileSync(join(library, "platform", "cisco_ios_show_ip_arp_pipe_inc_10.txt"), INTERFACES.text);
    const lookup = { platform: "Cisco-IOS", command: 'show ip arp | inc "10"' };
    expect(parserOf().parse({ input: "interface Gi1\n", lookup, library, options: {} })).toEqual([
      [{ i: [{ name: "Gi1" }] }],
    ]);
    expect(libraryPath("cisco_ios", "show version")).toBe("platform/cisco_ios_show_version.txt");
  });

  test("never reads the device's output as a path", () => {
    const library = mkdtempSync(join(tmpdir(), "ttp-library-"));
    writeFileSync(join(library, "trap"), "interface trapped\n");
    expect(parserOf().parse({ input: "trap", template: INTERFACES, library, options: {} })).toEqual(
      [[]].map(() => [{}]),
    );
  });

  test.each([{ strcuture: "list" }, { structure: "tree" }, { macros: true }])(
    "refuses options it does not know: %o",
    (options) => {
      expect(parserOf().optionsSchema.safeParse(options).success).toBe(false);
    },
  );

  test("names template, line and reason when it fails", () => {
    const broken = { name: "ConfigMap ntp/broken", text: "<group>\nx {{ x }}\n</grp>" };
    expect(() => parserOf().parse({ input: "", template: broken, options: {} })).toThrow(
      "ConfigMap ntp/broken, line 4: ParseError: mismatched tag: line 4, column 2",
    );
    expect(() =>
      parserOf().parse({ input: "", lookup: { platform: "a", command: "b" }, options: {} }),
    ).toThrow("there is no template library");
  });
});

describe("macros of the plugin", () => {
  test("run in Python", () => {
    const result = parserOf().parse({ input: "interface Gi1\n", template: MACRO, options: {} });
    expect(result).toEqual([[{ i: [{ name: "GI1" }] }]]);
  });

  test("give the same one by one and many at once", () => {
    const template = (macro: string) => ({
      name: "t",
      text: `<macro>\n${macro}\n</macro>\n<group name='i*'>\ninterface {{ name | contains('Gi') | macro('run') }}\n</group>`,
    });
    const input = "interface Gi1\ninterface Te1\ninterface Gi2\ninterface Gi1\n";
    const names = (macro: string) =>
      parserOf().parse({ input, template: template(macro), options: { structure: "flat_list" } });
    expect(names("def run(data):\n    return data.lower()")).toEqual([
      { i: [{ name: "gi1" }, { name: "gi2" }, { name: "gi1" }] },
    ]);
    // A macro that counts its calls sees each call of TTP's, and no other.
    expect(
      names("seen = []\ndef run(data):\n    seen.append(data)\n    return str(len(seen)) + data"),
    ).toEqual([{ i: [{ name: "1Gi1" }, { name: "2Gi2" }, { name: "3Gi1" }] }]);
    expect(() => names("def run(data):\n    return {'Gi1': 'a'}[data]")).toThrow(
      "Macro 'run' failed: KeyError: 'Gi2' (line 3 of the macro)",
    );
  });

  test("that are switched off fail and name the macro", () => {
    const off = parserOf({ macros: { enabled: false } });
    expect(() => off.parse({ input: "interface Gi1\n", template: MACRO, options: {} })).toThrow(
      "calls macro 'shout'",
    );
    expect(off.parse({ input: "interface Gi1\n", template: INTERFACES, options: {} })).toEqual([
      [{ i: [{ name: "Gi1" }] }],
    ]);
  });

  // Children are counted in /proc, which only Linux has.
  test.skipIf(!existsSync("/proc/self/task"))(
    "leave no process behind when their thread is ended in the middle",
    async () => {
      const source = `
      import { workerData } from "node:worker_threads";
      const { TtpParser } = await import(workerData.plugin);
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const parser = new TtpParser({ config: { macros: { timeoutSeconds: 2 } }, log, random: () => 0 });
      const text = "<macro>\\ndef stay(data):\\n    while True: pass\\n</macro>\\n<group>\\nx {{ x | macro('stay') }}\\n</group>";
      parser.parse({ input: "x 1\\n", template: { name: "t", text }, options: {} });
    `;
      const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
      const before = interpreters();
      const worker = new Worker(url, { workerData: { plugin: new URL("./index.ts", import.meta.url).href } });
      await vi.waitFor(() => expect(interpreters()).toBeGreaterThan(before), {
        timeout: 15_000,
        interval: 50,
      });
      await worker.terminate();
      await vi.waitFor(() => expect(interpreters()).toBe(before), { timeout: 15_000, interval: 50 });
    },
    40_000,
  );
});

/** How many interpreters this process has started and that still run. */
function interpreters(): number {
  const children = readdirSync("/proc/self/task").flatMap((thread) =>
    readText(`/proc/self/task/${thread}/children`).trim().split(" "),
  );
  return children.filter((pid) => readText(`/proc/${pid}/cmdline`).includes("interpreter.mts")).length;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
