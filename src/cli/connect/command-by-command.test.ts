import { expect, test } from "vitest";
import { commandByCommand } from "./command-by-command.ts";

async function talk(...typed: string[]) {
  const lines = [...typed];
  const run: string[] = [];
  let text = "";
  const console = {
    out: (piece: string) => {
      text += piece;
    },
    line: () => Promise.resolve(lines.shift()),
  };
  await commandByCommand(console, (command) => {
    run.push(command);
    if (command === "lost") return Promise.reject(new Error("the session is gone"));
    return Promise.resolve(
      command === "false"
        ? { output: "", stderr: "no\n", exitStatus: 1 }
        : { output: `${command}!\n`, exitStatus: 0 },
    );
  });
  return { run, text };
}

test("each line is a command; what it prints and a status other than 0 are shown", async () => {
  const { run, text } = await talk("uname", "", "false", "lost", ":quit", "never");
  expect(run).toEqual(["uname", "false", "lost"]);
  expect(text).toMatch(/uname!\nno\nexit status 1\n.*the session is gone/s);
});

test("words of other drivers' sessions are not sent to the device", async () => {
  const { run, text } = await talk(":modes", ":raw x", ":");
  expect(run).toEqual([":"]);
  expect(text).toContain("no modes");
});
