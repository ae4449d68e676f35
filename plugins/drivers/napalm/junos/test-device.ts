import { parseXml } from "../../../../src/device/xml/index.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import { modelOf } from "../models.ts";
import { junosGetters } from "./getters.ts";
import type { JunosReply, JunosRequest } from "./request.ts";

/**
 * Replies by request: `get-arp-table-information`, `configuration system/ntp/server`, `command show version`, `fact uptime`, each also
 * with its arguments behind it (`get-bgp-neighbor-information instance=master`). A text is XML, for commands of text themselves, of facts
 * the value; null is a refusal, `refused: …` one with words.
 */
export type Replies = Readonly<Record<string, unknown>>;

/** Answers requests from a table and remembers them. */
export function deviceOf(replies: Replies) {
  const asked: string[] = [];
  const ask = async (request: JunosRequest): Promise<JunosReply> => {
    const [name, full] = namesOf(request);
    asked.push(full);
    const reply = full in replies ? replies[full] : replies[name];
    if (reply === undefined) throw new Error(`the test has no reply to ${full}`);
    if (reply === null) throw new CommandRefused("syntax error");
    if (typeof reply !== "string" || "fact" in request) return reply;
    if (reply.startsWith("refused: ")) throw new CommandRefused(reply.slice("refused: ".length));
    return "command" in request && request.format === "text" ? reply : parseXml(reply);
  };
  return { asked, ask };
}

/** A getter's model over a table of replies, checked against NAPALM's. */
export async function get(
  getter: string,
  replies: Replies,
  args: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const run = junosGetters[getter];
  if (!run) throw new Error(`there is no ${getter}`);
  const result = await runGetter(run, { args, now: 0 }, deviceOf(replies).ask);
  modelOf(getter)?.parse(result);
  return result;
}

function namesOf(request: JunosRequest): [name: string, full: string] {
  if ("fact" in request) return [`fact ${request.fact}`, `fact ${request.fact}`];
  if ("command" in request) return [`command ${request.command}`, `command ${request.command}`];
  if ("configuration" in request) {
    const name = `configuration ${request.configuration}`;
    const { database } = request.options ?? {};
    return [name, [name, request.named, database].filter((one) => one !== undefined).join(" ")];
  }
  const args = Object.entries(request.args).map(([key, value]) => (value === true ? key : `${key}=${value}`));
  return [request.rpc, [request.rpc, ...args].join(" ")];
}
