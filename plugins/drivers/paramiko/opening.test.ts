import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Opening, type OpeningEvent } from "./opening.ts";
import type { Launch } from "./program.ts";

const PROMPT = "netpulse-abc-password:";
const announced: Launch = {
  line: "",
  sudoPrompt: PROMPT,
  mark: { text: "netpulse-abc-start", means: "start" },
  input: { after: "netpulse-abc-content", content: "" },
};
const bySudo: Launch = { line: "", sudoPrompt: PROMPT, mark: { text: "netpulse-abc-start", means: "sudo" } };

/** What is read of a text that comes in the given pieces. */
function read(launch: Launch, pieces: readonly string[], pty = false) {
  const opening = new Opening(launch, pty);
  const events: OpeningEvent[] = [];
  for (const piece of pieces) events.push(...opening.read(piece));
  const output = events.map((event) => (event.kind === "output" ? event.text : "")).join("") + opening.end();
  const others = events.filter(({ kind }) => kind !== "output");
  return { output, others, preamble: opening.preamble };
}

function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((start, n) => text.slice(start, at[n] ?? text.length));
}

const pieces = fc.array(fc.nat(), { maxLength: 8 });

describe("the opening of a program", () => {
  test("what comes before the mark is not the program's, whatever pieces it comes in", () => {
    const text = `We trust you.\n${PROMPT}Sorry.\n${PROMPT}netpulse-abc-content\nnetpulse-abc-start 4711\nfirst\n${PROMPT}\n`;
    fc.assert(
      fc.property(pieces, (places) => {
        expect(read(announced, cut(text, places))).toEqual({
          output: `first\n${PROMPT}\n`,
          others: [
            { kind: "password" },
            { kind: "password" },
            { kind: "content" },
            { kind: "begun", pid: 4711 },
          ],
          preamble: "We trust you.\nSorry.\n",
        });
      }),
    );
  });

  test("a plain command's output keeps everything but the prompt", () => {
    const text = `netpulse-abc-start 12\nlecture\n${PROMPT}netpulse-abc-pass`;
    fc.assert(
      fc.property(pieces, (places) => {
        expect(read(bySudo, cut(text, places))).toMatchObject({
          output: expect.stringMatching(/netpulse-abc-pass$/),
          others: [{ kind: "begun", pid: 12 }, { kind: "password" }],
        });
      }),
    );
  });

  test("on a terminal the line end after the prompt is sudo's", () => {
    const text = `netpulse-abc-start 12\r\n${PROMPT}\r\nroot\r\n`;
    expect(read(bySudo, [text], true).output).toBe("root\r\n");
    expect(read(bySudo, [text.slice(0, -6), "root\r\n"], true).output).toBe("root\r\n");
    expect(read(bySudo, [`netpulse-abc-start 12\n${PROMPT}`, "\nx\n"], false).output).toBe("\nx\n");
  });

  test("without an announcement everything is the program's", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        expect(read({ line: "x" }, texts)).toEqual({ output: texts.join(""), others: [], preamble: "" });
      }),
    );
  });
});
