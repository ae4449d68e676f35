import { Machine, parseTemplate, type Row, TextFSMError } from "netpulse/textfsm";
import { describe, expect, test } from "vitest";

function parse(template: string, input: string): Row[] {
  return new Machine(parseTemplate(template)).parse(input);
}

/** A template with one state. */
function withRules(values: string[], ...rules: string[]): string {
  return `${values.map((value) => `Value ${value}`).join("\n")}\n\nStart\n${rules.map((rule) => `  ${rule}`).join("\n")}\n`;
}

describe("options of values", () => {
  test("Required drops records without the value", () => {
    const template = withRules(["A (\\S+)", "Required B (\\d+)"], "^$A $B -> Record", "^$A -> Record");
    expect(parse(template, "x 1\ny\nz 2\n")).toEqual([
      ["x", "1"],
      ["z", "2"],
    ]);
  });

  test("Filldown keeps the value for later records, and makes a last row of its own at the end", () => {
    const template = withRules(["Filldown A (\\w+)", "B (\\d+)"], "^$A:", "^$B -> Record");
    expect(parse(template, "x:\n1\n2\n")).toEqual([
      ["x", "1"],
      ["x", "2"],
      ["x", ""],
    ]);
  });

  test("Fillup goes back to the last row that has the value", () => {
    const template = withRules(["A (\\d+)", "Fillup B ([a-z]+)"], "^$A$$ -> Record", "^$A $B -> Record");
    expect(parse(template, "1\n2 x\n3\n4 y\n")).toEqual([
      ["1", "x"],
      ["2", "x"],
      ["3", "y"],
      ["4", "y"],
    ]);
  });

  test("List collects, and takes named groups within it as objects", () => {
    const plain = withRules(["List A (\\d)"], "^$A -> Continue", "^.$A -> Record");
    expect(parse(plain, "12\n34\n")).toEqual([[["1", "2"]], [["3", "4"]]]);
    const nested = withRules(["List A ((?P<key>\\w)=(?P<value>\\w))"], "^$A");
    const [row] = parse(nested, "a=1\nb=2\n");
    expect(JSON.parse(JSON.stringify(row))).toEqual([
      [
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ],
    ]);
  });

  test("the order of Required and List matters: before List it sees the text, after it the list", () => {
    const input = "a\n-\n";
    const rules = ["^$A", "^- -> Record"] as const;
    expect(parse(withRules(["Required,List A ([a-z])"], ...rules), input)).toEqual([[["a"]]]);
    expect(parse(withRules(["List,Required A ([a-z])"], ...rules), "-\n")).toEqual([]);
  });
});

describe("operators", () => {
  test("Continue lets the next rules see the same line", () => {
    const template = withRules(["A (\\w)", "B (\\w)"], "^$A -> Continue", "^.$B -> Record");
    expect(parse(template, "xy\n")).toEqual([["x", "y"]]);
  });

  test("Clear forgets what does not fill down, Clearall everything", () => {
    const values = ["Filldown A (a)", "B (b)"];
    const rules = ["^$A", "^$B"];
    expect(parse(withRules(values, ...rules, "^! -> Clear"), "a\nb\n!\n")).toEqual([["a", ""]]);
    expect(parse(withRules(values, ...rules, "^! -> Clearall"), "a\nb\n!\n")).toEqual([]);
  });

  test("Error stops with the line of the rule and the line of the input", () => {
    const machine = new Machine(
      parseTemplate(withRules(["A (\\d+)"], "^$A -> Record", "^x -> Error", '^y -> Error "odd"')),
    );
    expect(() => machine.parse("1\nx y\n")).toThrow(
      new TextFSMError("State Error raised. Rule Line: 5. Input Line: x y", stop(5, 2, "x y")),
    );
    expect(machine.rows).toEqual([["1"]]);
    machine.reset();
    expect(() => machine.parse("y\n")).toThrow('Error: "odd". Rule Line: 6. Input Line: y.');
  });

  test("a state without rules for a line leaves it alone", () => {
    expect(parse(withRules(["A (\\d+)"], "^$A -> Record"), "x\n1\ny\n")).toEqual([["1"]]);
  });
});

describe("states", () => {
  const template = "Value A (\\w+)\n\nStart\n  ^go -> Two\n  ^stop -> End\n\nTwo\n  ^$A -> Record Start\n";

  test("a rule leads to another state from the next line on", () => {
    expect(parse(template, "x\ngo\nx\ny\n")).toEqual([["x"]]);
  });

  test("End ends the parse without a last record, EOF with one", () => {
    const values = "Value A (\\w+)\n\nStart\n  ^$A -> ";
    expect(parse(`${values}End\n`, "x\ny\n")).toEqual([]);
    expect(parse(`${values}EOF\n`, "x\ny\n")).toEqual([["x"]]);
  });

  test("an empty EOF state suppresses the last record", () => {
    expect(parse("Value A (\\w+)\n\nStart\n  ^$A\n", "x\n")).toEqual([["x"]]);
    expect(parse("Value A (\\w+)\n\nStart\n  ^$A\n\nEOF\n", "x\n")).toEqual([]);
  });

  test("text may come in pieces", () => {
    const machine = new Machine(parseTemplate(template));
    machine.parse("go\n", false);
    expect(machine.state).toBe("Two");
    expect(machine.parse("z\n")).toEqual([["z"]]);
  });
});

test("lines end where Python's splitlines ends them", () => {
  const template = withRules(["A (.*)"], "^$A -> Record");
  expect(parse(template, "a\r\nb\x0bc\u2028d\x85e")).toEqual([["a"], ["b"], ["c"], ["d"], ["e"]]);
});

test("a rule that would hang elsewhere ends at once", () => {
  const template = withRules(["A ((\\S+(\\s)*)+)", "B (\\w+)"], "^$A:\\s$B -> Record", "^.* -> Next");
  const start = performance.now();
  expect(parse(template, `${"FEATURE WITHOUT COLON ".repeat(40)}\nx y: z\n`)).toEqual([["x y", "z"]]);
  expect(performance.now() - start).toBeLessThan(1000);
});

function stop(ruleLine: number, inputLine: number, text: string) {
  return { state: "Start", ruleLine, inputLine, text };
}
