import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const patterns = z.array(z.string()).transform((sources) => sources.map((source) => new RegExp(source, "i")));

const table = z
  .strictObject({
    newPassword: patterns,
    nextCode: patterns,
    menu: patterns,
    code: patterns,
    password: patterns,
    username: patterns,
    expired: patterns,
    ways: z.record(
      z.string(),
      z.string().transform((source) => new RegExp(source, "i")),
    ),
  })
  .parse(parse(readFileSync(join(import.meta.dirname, "login-questions.yaml"), "utf8")));

const KINDS = ["newPassword", "nextCode", "menu", "code", "password", "username"] as const;

export type QuestionKind = (typeof KINDS)[number];

/** What a login's question is about, by `login-questions.yaml`; undefined for anything else. */
export function questionKind(question: string): QuestionKind | undefined {
  return KINDS.find((kind) => table[kind].some((pattern) => pattern.test(question)));
}

/** Whether a text says that the password is no longer good. */
export function saysExpired(text: string): boolean {
  return table.expired.some((pattern) => pattern.test(text));
}

/**
 * What chooses a way of confirming from a menu such as ` 1. Duo Push to XXX-1234`: its number where the menu has one, the wish itself otherwise.
 *
 * @example
 * menuChoice("push", " 1. Duo Push to XXX-1234\n 2. Phone call to XXX-1234\nPasscode or option (1-2): "); // "1"
 */
export function menuChoice(wish: string, menu: string): string {
  const way = table.ways[wish.toLowerCase()];
  if (way === undefined) return wish;
  for (const [, number = "", text = ""] of menu.matchAll(/^\s*(\d+)[.)]\s*(.+)$/gm)) {
    if (way.test(text)) return number;
  }
  return wish;
}
