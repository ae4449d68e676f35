import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { argumentNames } from "./args.ts";
import { eosGetters } from "./eos/getters.ts";
import { signatureOf } from "./eos/signatures.ts";

const page = readFileSync(
  new URL("../../../docs/reference/compatibility/napalm.md", import.meta.url),
  "utf8",
);

test.each(Object.keys(eosGetters))("the page has %s with its arguments", (getter) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${getter}\` |`)) ?? "";
  expect(row).not.toBe("");
  const documented = [...row.matchAll(/`(\w+)`(?= \(|,| \|)/g)].map(([, name]) => name).slice(1);
  expect(documented).toEqual(Object.keys(signatureOf(getter).shape));
});

test.each(argumentNames)("the page has the argument %s", (name) => {
  expect(page.slice(page.indexOf("## Arguments"))).toContain(`\`${name}\``);
});
