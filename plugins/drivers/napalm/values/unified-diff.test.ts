import fc from "fast-check";
import { expect, test } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");

test("texts that are the same have no difference", () => {
  expect(unifiedDiff("a\nb\n", "a\nb\n")).toBe("");
  expect(unifiedDiff("", "")).toBe("");
});

test("a change stands in three lines of context, and a distant one in a hunk of its own", () => {
  const before = numbered(1, 30);
  const after = before.replace("line 5\n", "line five\n").replace("line 25\n", "");
  expect(unifiedDiff(before, after)).toBe(
    [
      "--- \n+++ \n",
      "@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+line five\n line 6\n line 7\n line 8\n",
      "@@ -22,7 +22,6 @@\n line 22\n line 23\n line 24\n-line 25\n line 26\n line 27\n line 28\n",
    ].join(""),
  );
});

test("a last line without a newline gets none", () => {
  expect(unifiedDiff("a\nb", "a\nc")).toBe("--- \n+++ \n@@ -1,2 +1,2 @@\n a\n-b+c");
});

test("what is added to nothing begins before the first line", () => {
  expect(unifiedDiff("", "a\n")).toBe("--- \n+++ \n@@ -0,0 +1 @@\n+a\n");
});

test("in a long text a line that is everywhere does not tear a block apart", () => {
  const block = (n: number) => `interface ${n}\n shutdown\n!\n`;
  const all = Array.from({ length: 100 }, (_, n) => block(n));
  const diff = unifiedDiff(all.join(""), all.toSpliced(50, 1).join(""));
  expect(diff.match(/^-.*$/gm)).toEqual(["--- ", "-interface 50", "- shutdown", "-!"]);
});

test("the lines of a difference turn the one text into the other", () => {
  const text = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "!\n"), { maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applied(before, unifiedDiff(before.join(""), after.join("")))).toEqual(after);
    }),
  );
});

/** Follows a difference as `patch` does. */
function applied(before: readonly string[], diff: string): string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split(/(?<=\n)/).slice(2)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk) {
      const start = hunk[2] === "0" ? Number(hunk[1]) : Number(hunk[1]) - 1;
      result.push(...before.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else {
      expect(before[at]).toBe(line.slice(1));
      if (line.startsWith(" ")) result.push(line.slice(1));
      at += 1;
    }
  }
  return [...result, ...before.slice(at)];
}
