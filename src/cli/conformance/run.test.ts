import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSuite, suiteFolder } from "./run.ts";
import { type ConformanceSuite, compare, compareUnordered } from "./suite.ts";
import { suite as textfsm } from "./textfsm.ts";

const sums: ConformanceSuite = {
  name: "sums",
  *cases() {
    yield { id: "right", file: "a", run: () => compare(2, 1 + 1) };
    yield { id: "wrong", file: "a", run: () => compare(3, 1 + 1) };
    yield {
      id: "broken",
      file: "b",
      run: () => {
        throw new Error("cannot run");
      },
    };
  },
};

describe("a run", () => {
  test("counts per file; a case that cannot run has failed", async () => {
    const report = await runSuite(sums, "");
    expect(report).toMatchObject({ passed: 1, failed: 2 });
    expect(report.files.get("a")).toEqual({ passed: 1, failed: 1 });
    expect(report.failures.map(({ id }) => id)).toEqual(["wrong", "broken"]);
  });

  test("of one case keeps what came of it", async () => {
    const report = await runSuite(sums, "", "right");
    expect(report.shown).toEqual([
      { id: "right", file: "a", outcome: { passed: true, expected: 2, got: 2 } },
    ]);
  });
});

test("comparison heeds the order of lists always, that of keys where it is asked for", () => {
  expect(compare({ a: 1, b: 2 }, { b: 2, a: 1 }).passed).toBe(false);
  expect(compareUnordered({ a: [1, { c: 1, d: 2 }] }, { a: [1, { d: 2, c: 1 }] }).passed).toBe(true);
  expect(compareUnordered([1, 2], [2, 1]).passed).toBe(false);
});

describe("the textfsm suite", () => {
  let parent = "";
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), "conformance-"));
    const folder = join(parent, "textfsm");
    mkdirSync(folder);
    const template = "Value A (\\d)\n\nStart\n  ^$A -> Record\n  ^x -> Error\n";
    const write = (file: string, ...records: object[]) =>
      writeFileSync(join(folder, file), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    write("ntc_templates.json", {
      index: "Template, Hostname, Platform, Command\na.textfsm, .*, acme, sh[[ow]]\n",
      templates: { "a.textfsm": template },
    });
    const mutated = { template: "a.textfsm", header: ["A"] };
    const stopped = { class: "TextFSMError", message: "State Error raised. Rule Line: 5. Input Line: x" };
    write(
      "ntc_mutated.jsonl",
      { ...mutated, id: "rows", input: "1\n2\n", rows: [["1"], ["2"]], error: null },
      { ...mutated, id: "other rows", input: "1\n", rows: [["2"]], error: null },
      { ...mutated, id: "error", input: "x\n", rows: null, error: stopped },
      { ...mutated, id: "other error", input: "x\n", rows: null, error: { ...stopped, message: "?" } },
      { ...mutated, id: "no error", input: "1\n", rows: null, error: stopped },
      { ...mutated, id: "timeout", input: "1\n", rows: null, error: { class: "TIMEOUT", message: "" } },
    );
    write(
      "index_cases.jsonl",
      { platform: "acme", command: "sho", variant: "abbreviated", template: "a.textfsm", row: 1 },
      { platform: "acme", command: "x", variant: "unknown", template: "a.textfsm", row: 1 },
    );
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  test("takes its own folder or the one above, and fails every case that differs", async () => {
    expect(suiteFolder(parent, "textfsm")).toBe(join(parent, "textfsm"));
    expect(suiteFolder(join(parent, "textfsm"), "textfsm")).toBe(join(parent, "textfsm"));
    const report = await runSuite(textfsm, suiteFolder(parent, "textfsm"));
    expect(report.failures.map(({ id }) => id)).toEqual([
      "other rows",
      "other error",
      "no error",
      "acme/x/unknown",
    ]);
    expect(report.passed).toBe(4);
  });
});
