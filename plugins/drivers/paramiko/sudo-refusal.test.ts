import { expect, test } from "vitest";
import { refusalBefore, refusalIn } from "./sudo-refusal.ts";

test.each([
  ["sudo: a password is required\n", "a password is required"],
  ["sudo: sorry, you must have a tty to run sudo\n", "sorry, you must have a tty to run sudo"],
  ["ann is not in the sudoers file.\n", "ann is not in the sudoers file."],
  [
    "Sorry, user ann is not allowed to execute '/bin/sh' as root on web-1.\n",
    "Sorry, user ann is not allowed to execute '/bin/sh' as root on web-1.",
  ],
])("is a refusal: %j", (said, why) => {
  expect(refusalIn(said, 1)).toBe(why);
  expect(refusalBefore(false, said, 1)).toBe(why);
});

test("a program that has begun, or ended with another status, was not refused", () => {
  expect(refusalBefore(true, "sudo: x", 1)).toBeUndefined();
  expect(refusalBefore(false, "", 127)).toBeUndefined();
  expect(refusalIn("ls: cannot access '/x'", 1)).toBeUndefined();
  expect(refusalIn("sudo: x", 2)).toBeUndefined();
  expect(refusalBefore(false, " \n", 1)).toBe("it did not say why");
});
