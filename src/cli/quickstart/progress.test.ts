import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { Progress } from "./progress.ts";

function screen(isTTY: boolean) {
  let text = "";
  return {
    isTTY,
    write: (more: string) => {
      text += more;
    },
    lines: () => stripVTControlCharacters(text).split("\n").slice(0, -1),
  };
}

test("a finished step is a line with its last note and its time", async () => {
  const out = screen(false);
  let now = 0;
  const result = await new Progress(out, () => now).step("control plane", async (note) => {
    note("starting");
    note("https://127.0.0.1:1");
    now = 2_345;
    return 42;
  });

  expect(result).toBe(42);
  expect(out.lines()).toEqual(["✔ control plane: https://127.0.0.1:1  2.3 s"]);
});

test("a failed step is shown as failed, and its error goes on", async () => {
  const out = screen(false);
  const failing = new Progress(out, () => 0).step("operator", () => Promise.reject(new Error("no luck")));

  await expect(failing).rejects.toThrow("no luck");
  expect(out.lines()).toEqual(["✘ operator  0.0 s"]);
});
