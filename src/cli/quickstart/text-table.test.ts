import { styleText } from "node:util";
import { expect, test } from "vitest";
import { textTable } from "./text-table.ts";

test("columns are as wide as their widest cell, and colours take no room", () => {
  const red = styleText("red", "no", { validateStream: false });
  const table = textTable([
    ["NAME", "OK", "SAYS"],
    ["a", red, "x"],
    ["long-name", "yes", ""],
  ]);

  expect(table.split("\n")).toEqual([
    "  NAME       OK   SAYS",
    `  a          ${red}   x`,
    "  long-name  yes",
  ]);
});
