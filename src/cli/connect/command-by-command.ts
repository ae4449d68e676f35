import type { CommandResult } from "../../plugin/index.ts";
import { asError } from "../../worker/task/perform.ts";
import type { Console } from "./conversation.ts";

type Answer = Pick<CommandResult, "output" | "stderr" | "exitStatus" | "error">;

/** What only a driver with a command line of its own knows; a device would take it for a command. */
const NOT_HERE = /^:(?:modes?|raw|help)\b/;

/** Talks to a device whose driver runs commands one by one, until `:quit` or the end of the input. */
export async function commandByCommand(
  console: Console,
  execute: (command: string) => Promise<Answer>,
): Promise<void> {
  console.out("This driver has no command line of its own: each line is run as a command. :quit ends.\n");
  for (
    let line = await console.line("> ");
    line !== undefined && line.trim() !== ":quit";
    line = await console.line("> ")
  ) {
    if (line.trim() === "") continue;
    if (NOT_HERE.test(line)) {
      console.out("This driver has no modes to show; :quit ends.\n");
      continue;
    }
    const said = await execute(line).then(shown, (cause: unknown) => asError(cause, "the device").message);
    if (said !== "") console.out(`${said}\n`);
  }
}

function shown({ output, stderr = "", exitStatus = 0, error }: Answer): string {
  const failure = error && exitStatus === 0 ? asError(error, "the device").message : "";
  const status = exitStatus === 0 ? "" : `exit status ${exitStatus}`;
  return [output, stderr, status, failure]
    .map((text) => text.trimEnd())
    .filter(Boolean)
    .join("\n");
}
