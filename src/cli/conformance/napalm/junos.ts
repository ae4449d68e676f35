import { z } from "zod";
import { CommandRefused } from "../../../../plugins/drivers/napalm/getter.ts";
import { junosGetters } from "../../../../plugins/drivers/napalm/junos/getters.ts";
import {
  CONFIGURATION_OPTIONS,
  type JunosRequest,
  rpcElement,
} from "../../../../plugins/drivers/napalm/junos/request.ts";
import { canonical, element, parseXml, XmlElement } from "../../../../src/device/xml/index.ts";
import type { GetterAdapter, RecordedRequest } from "./adapters.ts";

const recordedRequest = z.looseObject({
  rpc: z.string().optional(),
  args: z.record(z.string(), z.union([z.string(), z.literal(true)])).default({}),
  filter_xml: z.string().nullish(),
  options: z.record(z.string(), z.string()).default({}),
  command: z.string().optional(),
  encoding: z.string().optional(),
  response: z.string().nullish(),
  response_xml: z.string().nullish(),
  error: z.unknown().optional(),
  fact: z.string().optional(),
  value: z.unknown().optional(),
});
type Recorded = z.infer<typeof recordedRequest>;

/** Requests of the original's library: RPCs with arguments, filters, commands; facts come apart from them. */
export const junos: GetterAdapter = {
  getters: junosGetters,
  matches(request, recorded) {
    const asked = request as JunosRequest;
    const known = recordedRequest.parse(recorded);
    if ("fact" in asked) return known.fact === asked.fact;
    return known.fact === undefined && canonicalOf(asked) === canonicalRecorded(known);
  },
  reply(recorded) {
    const { fact, value, response, response_xml, error } = recordedRequest.parse(recorded);
    if (error !== undefined)
      throw new CommandRefused(typeof error === "string" ? error : JSON.stringify(error));
    if (fact !== undefined) return value;
    if (typeof response_xml !== "string") {
      if (typeof response !== "string") throw new CommandRefused("the recorded request has no reply");
      return response;
    }
    const reply = visiblePart(parseXml(response_xml));
    return reply.name === "rpc-reply" ? (reply.children[0] ?? reply) : reply;
  },
  further: factsOf,
};

/**
 * Replies were recorded without their namespaces, as the original has them of a device, but for few elements that kept theirs: to
 * the original's paths these are not there.
 */
function visiblePart(one: XmlElement): XmlElement {
  const children = one.children.filter(({ namespace }) => namespace === "").map(visiblePart);
  return new XmlElement(one.name, { attributes: one.attributes, text: one.text, children });
}

function canonicalOf(asked: Exclude<JunosRequest, { fact: unknown }>): string {
  return canonical(rpcElement(asked));
}

function canonicalRecorded(known: Recorded): string {
  if (known.command !== undefined) return canonical(rpcElement({ command: known.command, format: "text" }));
  if (known.rpc !== "get-configuration") {
    const args = Object.entries(known.args).filter(([, value]) => value !== "");
    return canonical(
      rpcElement({
        rpc: known.rpc ?? "",
        args: Object.fromEntries(args.map(([name, value]) => [name.replaceAll("_", "-"), value])),
      }),
    );
  }
  const filter = known.filter_xml ? parseXml(known.filter_xml) : undefined;
  // Commands were recorded as a filter: they were sent past the library.
  if (filter?.name === "command") return canonical(filter);
  const options = Object.keys(known.options).length > 0 ? known.options : CONFIGURATION_OPTIONS;
  return canonical(element("get-configuration", options, filter ? [filter] : []));
}

const facts = z.looseObject({
  hostname: z.string(),
  fqdn: z.string(),
  model: z.string(),
  serialnumber: z.string(),
  version: z.string(),
  switch_style: z.string().nullish(),
  srx_cluster: z.boolean().nullish(),
});

function factsOf(record: Readonly<Record<string, unknown>>): RecordedRequest[] {
  const known = facts.parse(record.pyez_facts);
  const identity = { ...known, serialNumber: known.serialnumber };
  return [
    { fact: "identity", value: identity },
    { fact: "uptime", value: record.pyez_uptime },
    { fact: "switchStyle", value: known.switch_style ?? "NONE" },
    { fact: "srxCluster", value: known.srx_cluster ?? false },
  ];
}
