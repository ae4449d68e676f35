import { parseXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import { modelOf } from "../models.ts";
import { iosxrNetconfGetters } from "./getters.ts";
import type { NetconfReply, NetconfRequest } from "./request.ts";

/**
 * Data by what is asked for: `get arp/nodes/node/entries/entry` down to where a filter has more than one child or a text; several trees
 * are joined by ` + `. `get-config running ntp/peer-vrfs/peer-vrf`, `rpc traceroute/ipv4`. A text is what stands within `<data>` or
 * `<rpc-reply>`, null is a refusal. `capabilities` are URIs.
 */
export type Replies = Readonly<Record<string, string | readonly string[] | null>>;

/** A getter's model over a table of replies, checked against NAPALM's. */
export async function get(
  getter: string,
  replies: Replies,
  args: Readonly<Record<string, unknown>> = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const run = iosxrNetconfGetters[getter];
  if (!run) throw new Error(`there is no ${getter}`);
  const context = { args, now: 0, settings };
  const result = await runGetter(run, context, async (request) => answered(request, replies));
  modelOf(getter)?.parse(result);
  return result;
}

function answered(request: NetconfRequest, replies: Replies): NetconfReply {
  const name = nameOf(request);
  const reply = replies[name];
  if (reply === undefined) throw new Error(`the test has no reply to ${name}`);
  if (reply === null) throw new CommandRefused("the operation is not supported");
  return typeof reply === "string" ? parseXml(`<data>${reply}</data>`) : reply;
}

function nameOf(request: NetconfRequest): string {
  switch (request.operation) {
    case "capabilities":
      return "capabilities";
    case "rpc":
      return `rpc ${pathOf(request.rpc)}`;
    case "get":
      return `get ${request.filter.map(pathOf).join(" + ")}`;
    case "get-config":
      return `get-config ${request.source} ${(request.filter ?? []).map(pathOf).join(" + ")}`.trimEnd();
  }
}

function pathOf(one: XmlElement): string {
  const [child, ...others] = one.children;
  return child && others.length === 0 ? `${one.name}/${pathOf(child)}` : one.name;
}
