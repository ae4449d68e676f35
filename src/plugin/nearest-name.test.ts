import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test("a name is found by a slip of the keys, not by another word", () => {
  const known = ["platform", "sudo", "eos_autoComplete"];
  expect(nearestName("platfrom", known)).toBe("platform");
  expect(nearestName("eos_autocomplete", known)).toBe("eos_autoComplete");
  expect(nearestName("sudoo", known)).toBe("sudo");
  expect(nearestName("password", known)).toBeUndefined();
});
