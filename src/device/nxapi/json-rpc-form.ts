import { z } from "zod";
import { NxapiCommandError } from "./command-error.ts";
import { ReplyUnreadable } from "./reply-unreadable.ts";

/** `json`: as data; `text`: as a terminal shows it; `config`: lines for the configuration mode, answered as data. */
export type NxapiFormat = "json" | "text" | "config";

/** What the device does when a line of a configuration fails: go no further, or take back what came before it too. */
export type NxapiOnError = "stop-on-error" | "rollback-on-error";

/** The body of a request: a call of JSON-RPC for each command. */
export function jsonRpcRequest(
  commands: readonly string[],
  format: NxapiFormat,
  onError?: NxapiOnError,
): string {
  const method = format === "text" ? "cli_ascii" : "cli";
  const calls = commands.map((cmd, index) => ({
    jsonrpc: "2.0",
    method,
    params: { cmd, version: 1 },
    id: index + 1,
    ...(onError !== undefined && { rollback: onError }),
  }));
  return JSON.stringify(calls);
}

/**
 * The result of each command: data, or text; null where a command has none. Throws `NxapiCommandError` for the first that failed and
 * `ReplyUnreadable`.
 */
export function jsonRpcResults(body: string, commands: readonly string[], format: NxapiFormat): unknown[] {
  const answers = repliesOf(body);
  for (const [place, { error, id }] of answers.entries()) {
    if (!error) continue;
    const index = typeof id === "number" && id >= 1 && id <= commands.length ? id - 1 : place;
    const answer = (error.data?.msg ?? error.message ?? "Invalid command.").trim();
    throw new NxapiCommandError({ command: commands[index] ?? "", index, code: error.code, answer });
  }
  if (answers.length !== commands.length)
    throw new ReplyUnreadable(`there are ${answers.length} results of ${commands.length} commands`);
  return answers.map(({ result }) => (format === "text" ? result?.msg : result?.body) ?? null);
}

/** Where the text of a command is in a reply, which is a list only for several commands. */
export function textPlace(path: readonly (string | number)[]): number | undefined {
  const [first, ...rest] = path;
  const [index, within] = typeof first === "number" ? [first, rest] : [0, path];
  return within.length === 2 && within[0] === "result" && within[1] === "msg" ? index : undefined;
}

function repliesOf(body: string): z.infer<typeof replies> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw new ReplyUnreadable(`the reply is not JSON: ${body.slice(0, 120)}`, { cause: error });
  }
  const read = replies.safeParse([parsed].flat());
  if (!read.success) throw new ReplyUnreadable("the reply is none of JSON-RPC", { cause: read.error });
  return read.data;
}

const replies = z.array(
  z.looseObject({
    id: z.unknown().optional(),
    result: z.looseObject({ body: z.unknown().optional(), msg: z.string().optional() }).nullish(),
    error: z
      .looseObject({
        code: z.coerce.number().default(0),
        message: z.string().optional(),
        data: z.looseObject({ msg: z.string().optional() }).optional(),
      })
      .nullish(),
  }),
);
