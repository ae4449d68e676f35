import { type Command, type Credential, deviceErrors } from "../../plugin/index.ts";
import type { EapiCommand } from "./node.ts";

/** A command as eAPI takes it: what a dialogue would answer is its input. Throws `CallInvalid` for a key that the Secret does not have. */
export function withDialogue({ command, dialogue }: Command, credential: Credential): EapiCommand {
  if (!dialogue?.length) return command;
  const answers = dialogue.map(({ send, secretKey }) => {
    if (secretKey === undefined) return send ?? "";
    const value = credential.data[secretKey];
    if (value === undefined)
      throw deviceErrors.CallInvalid({ method: command, why: `the Secret has no key ${secretKey}` });
    return value;
  });
  return { cmd: command, input: answers.map((answer) => `${answer}\n`).join("") };
}
