import fc from "fast-check";
import { expect, test } from "vitest";
import { StepBudgetExceeded } from "../../../src/python/re/index.ts";
import { Machine, parseTemplate, parseWithReport, TextFSMError, TextFSMTemplateError } from "./engine.ts";

const words = [
  "Value ",
  "A ",
  "B ",
  "List ",
  "Filldown,",
  "Required ",
  "(\\S+)",
  "((a*)*)",
  "(.*)",
  "\n",
  "\n\n",
  "Start",
  "Two",
  "EOF",
];
const rules = [
  "  ^",
  "$A",
  "$\u007bB}",
  "\\s*",
  "$$",
  " -> ",
  "Record",
  "Continue",
  ".",
  "Clear",
  "Error",
  "Next",
  '"x"',
  "#",
];
const template = fc
  .array(fc.constantFrom(...words, ...rules), { maxLength: 30 })
  .map(
    (parts) => `Value A (\\w+)\n${parts.slice(0, 4).join("")}\n\nStart\n  ^$A${parts.slice(4).join("")}\n`,
  );
const input = fc
  .array(fc.constantFrom("a", "aaaaaaaaaaaaaaaa", " ", "\n", "1", "é", "\u2028", "\x0b", "b:"), {
    maxLength: 60,
  })
  .map((parts) => parts.join(""));

test("whatever the template and the input: rows or a typed error", () => {
  fc.assert(
    fc.property(template, input, (text, output) => {
      try {
        new Machine(parseTemplate(text)).parse(output);
      } catch (error) {
        expect(error).toSatisfy(
          (e) =>
            e instanceof TextFSMTemplateError || e instanceof TextFSMError || e instanceof StepBudgetExceeded,
        );
      }
    }),
    { numRuns: 1000 },
  );
});

const ports = parseTemplate(
  "Value A (\\w+)\nValue B (\\d+)\n\nStart\n  ^$A $B -> Record\n  ^\\s*$$\n  ^!! -> Error\n",
);
const lines = fc.array(fc.constantFrom("a 1", "b 22", "", "odd", "!!"), { maxLength: 12 });

test("a report has every line that is not blank once: as a row, as unmatched, as the stop, or after it", () => {
  fc.assert(
    fc.property(lines, (list) => {
      const report = parseWithReport(ports, list.join("\n"));
      const reached = report.stopped === undefined ? list : list.slice(0, report.stopped.inputLine - 1);
      expect(report.rows.length + report.unmatched.length).toBe(reached.filter((line) => line !== "").length);
    }),
  );
});

test("text in pieces, cut at line ends, gives the rows of the whole", () => {
  fc.assert(
    fc.property(lines, fc.nat(12), (list, cut) => {
      const sound = list.filter((line) => line !== "!!");
      const whole = new Machine(ports).parse(sound.join("\n"));
      const machine = new Machine(ports);
      machine.parse(sound.slice(0, cut).join("\n"), false);
      expect(machine.parse(sound.slice(cut).join("\n"))).toEqual(whole);
    }),
  );
});
