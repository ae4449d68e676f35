import { expect, test } from "vitest";
import { CommandRefused, LineRefused } from "../getter.ts";
import { withoutHeader } from "./diff.ts";
import { refusalOf } from "./refused-line.ts";

test("what says when a configuration was built is left out, and its end", () => {
  const config =
    "\nWed Nov 25\nBuilding configuration...\n!! IOS XR Configuration 6.1\nhostname a\n!! kept\nend\n";
  expect(withoutHeader(config)).toBe("Wed Nov 25\n\nhostname a\n!! kept");
  expect(withoutHeader("!! IOS XR Configuration\n+hostname a")).toBe("+hostname a");
  expect(withoutHeader("description the legend")).toBe("description the legend");
});

test("the first line that a refusal repeats is the refused one; comments never are", () => {
  const config = "!\nhostname a\nhostnam b\nhostnam c\n";
  const refused = refusalOf(new CommandRefused("!\nhostnam b\n ^\n% Invalid\nhostnam c"), config);
  expect(refused).toBeInstanceOf(LineRefused);
  expect(refused).toMatchObject({ number: 3, line: "hostnam b" });
});

test("a refusal that repeats no line stays as it is", () => {
  const error = new CommandRefused("% Failed");
  expect(refusalOf(error, "hostname a")).toBe(error);
});
