import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { DriverTerminal } from "../../plugin/index.ts";
import { converse } from "./conversation.ts";

/** A device that answers each line with a text, and ends the session at `bye`. */
function terminalOf(answers: Readonly<Record<string, string>>) {
  let listener: (text: string) => void = () => {};
  const closing = Promise.withResolvers<void>();
  const sent: string[] = [];
  const terminal: DriverTerminal = {
    platform: "demo",
    modes: { exec: "^\\w+>$" },
    lineEnd: "\n",
    lastLine: "r1>",
    modeAt: (line) => (/^\w+>$/.test(line.trim()) ? "exec" : undefined),
    write: (text) => {
      sent.push(text);
      const line = text.trimEnd();
      if (line === "bye") return closing.resolve();
      listener(`${line}\n${answers[line] ?? ""}`);
    },
    onText: (given) => {
      listener = given;
    },
  };
  return { terminal, sent, closed: closing.promise };
}

async function talk(typed: readonly string[], answers: Readonly<Record<string, string>> = {}) {
  const { terminal, sent, closed } = terminalOf(answers);
  const lines = [...typed];
  let shown = "";
  const out = (text: string) => {
    shown += stripVTControlCharacters(text);
  };
  await converse(
    terminal,
    {
      out,
      line: async (prompt) => {
        out(prompt);
        return lines.shift();
      },
    },
    closed,
  );
  return { shown, sent };
}

test("a line goes to the device, its echo is not shown again, and the mode stands beside the prompt", async () => {
  const { shown, sent } = await talk(["show clock"], { "show clock": "12:00\nr1>" });
  expect(sent).toEqual(["show clock\n"]);
  expect(shown).toContain("r1> [exec] 12:00\nr1> [exec] ");
});

test("a prompt that the platform does not know is said to be none", async () => {
  const { shown } = await talk(["odd", ":mode"], { odd: "r1]]" });
  expect(shown).toContain("r1]] [no prompt of demo]");
  expect(shown).toContain('"r1]]" is no prompt of demo');
});

test(":modes tells which pattern matches, and :raw sends exactly what it is given", async () => {
  const { shown, sent } = await talk([":modes", ":raw \\x03\\r"]);
  expect(shown).toMatch(/exec\s+\^\\w\+>\$\s+<- matches/);
  expect(sent).toEqual(["\u0003\r"]);
});

test("it ends when the device ends the session", async () => {
  expect((await talk(["bye", "never"])).shown).toContain("The device has ended the session.");
});
