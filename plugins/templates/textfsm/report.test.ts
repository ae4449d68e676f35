import { describe, expect, test } from "vitest";
import { lint, parseTemplate, parseWithReport } from "./engine.ts";

const TEMPLATE = `Value NAME (\\S+)
Value STATE (up|down)

Start
  ^interface $NAME is $STATE -> Record
  ^--- -> Two
  ^! -> Error

Two
  ^. -> Error "not here"
`;

describe("a report", () => {
  const template = parseTemplate(TEMPLATE);

  test("names the lines that no rule matched, and which rule came closest", () => {
    const report = parseWithReport(template, "interface a is up\n\ninterface b is dwn\nother\n");
    expect(report.rows).toEqual([["a", "up"]]);
    expect(report.stopped).toBeUndefined();
    expect(report.unmatched).toEqual([
      {
        inputLine: 3,
        text: "interface b is dwn",
        state: "Start",
        closest: { ruleLine: 5, rule: "^interface $NAME is $STATE", matched: 15 },
      },
      { inputLine: 4, text: "other", state: "Start", closest: undefined },
    ]);
  });

  test("keeps the rows up to an Error and says where it was", () => {
    const report = parseWithReport(template, "interface a is up\n---\nx\ninterface b is up\n");
    expect(report.rows).toEqual([["a", "up"]]);
    expect(report.stopped).toMatchObject({
      state: "Two",
      ruleLine: 10,
      inputLine: 3,
      message: 'Error: "not here". Rule Line: 10. Input Line: x.',
    });
  });

  test("traces what each line did", () => {
    const report = parseWithReport(template, "interface a is up\n---\n", { trace: true });
    expect(report.trace).toEqual([
      {
        inputLine: 1,
        text: "interface a is up",
        state: "Start",
        ruleLine: 5,
        action: "Record",
        recorded: true,
      },
      { inputLine: 2, text: "---", state: "Start", ruleLine: 6, action: "Next Two", recorded: false },
    ]);
  });
});

describe("the linter", () => {
  const findings = (template: string) => lint(parseTemplate(template)).map(({ code, line }) => [code, line]);

  test("has nothing to say about a sound template", () => {
    expect(findings(TEMPLATE)).toEqual([]);
  });

  test.each([
    ["a value that no rule sets", "Value A (x)\nValue B (y)\n\nStart\n  ^$A\n", ["unused-value", 2]],
    ["a rule that can run away", "Value A (x)\n\nStart\n  ^(\\S+\\s*)+: $A\n", ["runaway-regex", 4]],
    ["a state that nothing leads to", "Value A (x)\n\nStart\n  ^$A\n\nTwo\n  ^y\n", ["unreachable-state", 6]],
    [
      "a rule after one that takes all",
      "Value A (x)\n\nStart\n  ^.* -> Next\n  ^$A\n",
      ["unreachable-rule", 5],
    ],
    [
      "a rule after one that takes all but empty lines",
      "Value A (x)\n\nStart\n  ^. -> Error\n  ^$A\n",
      ["unreachable-rule", 5],
    ],
    ["the same rule twice", "Value A (x)\n\nStart\n  ^$A -> Record\n  ^$A\n", ["unreachable-rule", 5]],
    ["rows that are never made", "Value A (x)\n\nStart\n  ^$A\n\nEOF\n", ["never-records", 6]],
  ])("finds %s", (_, template, finding) => {
    expect(findings(template)).toEqual([finding]);
  });

  test("knows that a rule for empty lines can follow one for all others, and that Continue hides nothing", () => {
    expect(
      findings("Value A (x)\n\nStart\n  ^.*$A -> Continue\n  ^. -> Next\n  ^\\s*$$ -> Record\n"),
    ).toEqual([]);
  });
});
