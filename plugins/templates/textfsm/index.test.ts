import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginEnvironment } from "netpulse/plugin";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { TextFSMParser } from "./index.ts";

const silent = () => {};
const environment: PluginEnvironment = {
  config: {},
  log: { debug: silent, info: silent, warn: silent, error: silent },
  random: () => 0,
};
const TEMPLATE =
  "Value NAME (\\S+)\nValue List TAG (\\w+)\n\nStart\n  ^name $NAME( tag $TAG)?$$ -> Record\n  ^. -> Error\n";
const template = { name: "names", text: TEMPLATE };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "textfsm-plugin-"));
  writeFileSync(
    join(folder, "index"),
    "Template, Hostname, Platform, Command\nnames.textfsm, .*, acme_os, sh[[ow]] na[[mes]]\n",
  );
  writeFileSync(join(folder, "names.textfsm"), TEMPLATE);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true }));

function parser(): TextFSMParser {
  return new TextFSMParser(environment);
}

describe("the parser", () => {
  test("gives rows as objects with lower-case keys; an item that is not there is None, as the original prints it", () => {
    expect(parser().parse({ template, input: "name a\n", options: {} })).toEqual([
      { name: "a", tag: ["None"] },
    ]);
  });

  test("gives null for it when typed items are asked for", () => {
    const options = { listItems: "typed" };
    expect(parser().parse({ template, input: "name a\n", options })).toEqual([{ name: "a", tag: [null] }]);
  });

  test("finds the template by platform and command in the library of the request or of NET_TEXTFSM", () => {
    const request = {
      input: "name b tag x\n",
      lookup: { platform: "acme_os", command: "sh na" },
      options: {},
    };
    const rows = [{ name: "b", tag: ["x"] }];
    expect(parser().parse({ ...request, library: folder })).toEqual(rows);
    vi.stubEnv("NET_TEXTFSM", folder);
    expect(parser().parse(request)).toEqual(rows);
  });

  test("says which command the library has no template for", () => {
    const lookup = { platform: "acme_os", command: "show x" };
    expect(() => parser().parse({ input: "", lookup, library: folder, options: {} })).toThrow(
      `acme_os, show x: the index of ${folder} has no template for show x on acme_os`,
    );
  });

  test("says how to name a library when there is none", () => {
    vi.stubEnv("NET_TEXTFSM", undefined);
    const lookup = { platform: "acme_os", command: "show x" };
    expect(() => parser().parse({ input: "", lookup, options: {} })).toThrow(
      "there is no template library: name its folder",
    );
  });

  test("fails with template, line and reason", () => {
    expect(() => parser().parse({ template, input: "name a\nodd\n", options: {} })).toThrow(
      expect.objectContaining({
        code: "ParseFailed",
        message: "names, line 6: State Error raised. Rule Line: 6. Input Line: odd",
      }),
    );
    const broken = { name: "broken", text: "Value A ([)\n" };
    expect(() => parser().parse({ template: broken, input: "", options: {} })).toThrow(
      expect.objectContaining({
        code: "ParseFailed",
        message: expect.stringContaining("broken, line 1: unterminated character set"),
      }),
    );
  });

  test("returns the rows before an Error when lenient, and what was not matched in a report", () => {
    const input = "name a\nodd\nname b\n";
    expect(parser().parse({ template, input, options: { lenient: true } })).toEqual([
      { name: "a", tag: ["None"] },
    ]);
    expect(parser().parse({ template, input, options: { report: true } })).toMatchObject({
      rows: [{ name: "a", tag: ["None"] }],
      stopped: { inputLine: 2, ruleLine: 6, state: "Start" },
    });
  });

  test("sorts by Key values, lenient or not", () => {
    const keyed = { name: "keyed", text: TEMPLATE.replace("Value NAME", "Value Key NAME") };
    const input = "name b\nname a tag x\n";
    for (const more of [{}, { lenient: true }, { listItems: "typed" }]) {
      const rows = parser().parse({ template: keyed, input, options: { sort: true, ...more } });
      expect(rows).toMatchObject([{ name: "a", tag: ["x"] }, { name: "b" }]);
    }
  });

  test("refuses options that it does not know, by name", () => {
    const checked = parser().optionsSchema.safeParse({ lenientt: true });
    expect(checked.error?.message).toContain("lenientt");
  });
});
