import { stringify } from "yaml";
import type { ConfigKey } from "./reference.ts";

const WIDTH = 110;

const HEAD = `# The configuration of NetPulse, with every key at its default: what is left out means what is written here.
# An environment variable overrides a key: NETPULSE_WORKER__CAPACITY=200 sets worker.capacity.
# Unknown keys are refused. docs/reference/configuration.md says the same as a table.
`;

/** The text of `config/config.yaml`: every key at its default, with its description above it. */
export function defaultFile(keys: readonly ConfigKey[]): string {
  return `${HEAD}${keys.map((key) => `\n${section(key)}`).join("")}`;
}

function section(key: ConfigKey): string {
  const indent = "  ".repeat(key.path.length - 1);
  const comment = wrap(key.description, WIDTH - indent.length - 2).map((line) => `${indent}# ${line}\n`);
  const name = `${indent}${key.path.at(-1)}:`;
  const value = key.keys.length > 0 ? `\n${key.keys.map(section).join("")}` : ` ${stringify(key.default)}`;
  return `${comment.join("")}${name}${value}`;
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
