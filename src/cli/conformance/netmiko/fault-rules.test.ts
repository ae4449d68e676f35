import { expect, test } from "vitest";
import { judge } from "./fault-rules.ts";

test.each([
  ["the same result is right", ["noise"], { result: "x" }, { result: "x" }, true],
  ["another result is wrong", ["noise"], { result: "x" }, { result: "y" }, false],
  ["an error is worse than a result", ["latency"], { result: "x" }, { raised: "OperationTimeout" }, false],
  ["the new prompt need not stay in the output", ["rename"], { result: "x\nnew#" }, { result: "x" }, true],
  ["other text may not be lost", ["rename"], { result: "x\ny" }, { result: "x" }, false],
  [
    "a pager is turned over where the original gave up",
    ["pager"],
    { raised: "ReadTimeout" },
    { result: "all" },
    true,
  ],
  [
    "a question of a save is answered",
    ["question"],
    { raised: "ReadTimeout" },
    { raised: "UnexpectedQuestion" },
    false,
  ],
  [
    "a closed session has its own error",
    ["kill"],
    { raised: "ReadTimeout" },
    { raised: "PromptNotFound" },
    false,
  ],
  ["a hang is a timeout", ["hang"], { raised: "ReadTimeout" }, { raised: "PromptNotFound" }, true],
  [
    "a refused line ends the change",
    ["reject"],
    { result: "transcript" },
    { raised: "ConfigRejected" },
    true,
  ],
  [
    "configuration mode is not left open",
    ["reject"],
    { result: "in config mode afterwards: True" },
    { result: "in config mode afterwards: True" },
    false,
  ],
])("%s", (_, actions, original, ours, right) => {
  expect(judge(actions, original, ours)).toBe(right);
});
