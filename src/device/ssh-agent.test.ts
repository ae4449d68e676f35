import { expect, test } from "vitest";
import { isInside } from "./ssh-agent.ts";

test.each([
  ["/run/agents/a.sock", ["/run/agents"], true],
  ["/run/agents/team/a.sock", ["/other", "/run/agents/"], true],
  ["/run/agents", ["/run/agents"], false],
  ["/run/agents-of-others/a.sock", ["/run/agents"], false],
  ["/run/agents/../secrets/a.sock", ["/run/agents"], false],
  ["/run/agents/a.sock", [], false],
])("%s in %j: %s", (path, folders, inside) => {
  expect(isInside(path, folders)).toBe(inside);
});
