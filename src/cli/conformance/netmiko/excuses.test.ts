import { expect, test } from "vitest";
import { comparable } from "./excuses.ts";
import { platformOf } from "./platforms.ts";

test("blank lines are not compared", () => {
  expect(comparable(platformOf("cisco_ios"), "ours", ["", "show clock", " "], [])).toEqual(["show clock"]);
});

test("an unsafe save goes from both sides, with the walk that was only for it", () => {
  const platform = platformOf("alaxala_ax26s");
  const netmiko = ["show clock", "configure terminal", "", "write", "end", "exit"];
  const unsafe = [{ index: 3, line: "write", kind: "save_in_config_mode", entered_by_save_config: true }];
  expect(comparable(platform, "netmiko", netmiko, unsafe)).toEqual(["show clock", "exit"]);
  expect(comparable(platform, "ours", ["show clock", "write", "exit"], unsafe)).toEqual([
    "show clock",
    "exit",
  ]);
});

test("an unasked yes goes from the original only: ours is not allowed to send it either", () => {
  const platform = platformOf("extreme_slx");
  const unsafe = [{ index: 1, line: "y", kind: "unasked_yes" }];
  expect(comparable(platform, "netmiko", ["copy a b", "y", "exit"], unsafe)).toEqual(["copy a b", "exit"]);
  expect(comparable(platform, "ours", ["copy a b", "y", "exit"], unsafe)).toEqual(["copy a b", "y", "exit"]);
});

test("a private candidate that stays open until the commit equals a shared one that is entered twice", () => {
  const platform = platformOf("juniper_junos");
  const netmiko = [
    "configure",
    "set x",
    "exit configuration-mode",
    "configure",
    "commit",
    "exit configuration-mode",
  ];
  const ours = ["configure private", "set x", "show | compare", "commit", "exit configuration-mode"];
  expect(comparable(platform, "ours", ours, [])).toEqual(comparable(platform, "netmiko", netmiko, []));
});

test("a change that is never committed is not excused", () => {
  const platform = platformOf("juniper_junos");
  const netmiko = ["configure", "set x", "commit", "exit configuration-mode"];
  const ours = ["configure private", "set x", "exit configuration-mode"];
  expect(comparable(platform, "ours", ours, [])).not.toEqual(comparable(platform, "netmiko", netmiko, []));
});

test("a line that no rule names stays a difference", () => {
  const platform = platformOf("cisco_ios");
  expect(comparable(platform, "ours", ["show clock", "reload"], [])).not.toEqual(
    comparable(platform, "netmiko", ["show clock"], []),
  );
});
