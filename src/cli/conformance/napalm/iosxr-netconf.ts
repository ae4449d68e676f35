import { z } from "zod";
import { iosxrNetconfGetters } from "../../../../plugins/drivers/napalm/iosxr_netconf/getters.ts";
import type { NetconfRequest } from "../../../../plugins/drivers/napalm/iosxr_netconf/request.ts";
import { parseXml, writeXml } from "../../../device/xml/index.ts";
import type { GetterAdapter } from "./adapters.ts";
import { bare } from "./iosxr.ts";

/** A `<get>` that was recorded as an operation of its own counts as one. */
export const iosxrNetconf: GetterAdapter = {
  getters: iosxrNetconfGetters,
  matches: (request, recorded) => keyOf(request as NetconfRequest) === recordedKey(recorded),
  reply: (recorded) => {
    const { response_xml, facts } = shape.parse(recorded);
    if (response_xml === undefined) return facts;
    const reply = parseXml(response_xml);
    return reply.child("data") ?? reply;
  },
  further: (record) => {
    const { server_capabilities_xml, optional_args } = session.parse(record);
    const hello = server_capabilities_xml === undefined ? undefined : parseXml(server_capabilities_xml);
    const capabilities = hello?.all("capabilities/capability").map((one) => one.value()) ?? [];
    const facts = { capabilities, models: [], configEncoding: optional_args.config_encoding };
    return [{ rpc: "session", facts }];
  },
};

const shape = z.looseObject({
  rpc: z.enum(["get", "get-config", "dispatch", "session"]),
  filter: z.tuple([z.string(), z.string()]).optional(),
  xml: z.string().optional(),
  source: z.string().optional(),
  response_xml: z.string().optional(),
  facts: z.unknown().optional(),
});
const session = z.looseObject({
  server_capabilities_xml: z.string().optional(),
  optional_args: z
    .looseObject({ config_encoding: z.string().default("cli") })
    .default({ config_encoding: "cli" }),
});

function keyOf(request: NetconfRequest): string {
  switch (request.operation) {
    case "session":
      return "session";
    case "rpc":
      return bare(request.rpc);
    default: {
      const source = request.operation === "get-config" ? request.source : "";
      return [request.operation, source, ...(request.filter ?? []).map(bare)].join(" ");
    }
  }
}

function recordedKey(recorded: unknown): string {
  const { rpc, filter, xml = "", source = "" } = shape.parse(recorded);
  if (rpc === "session") return rpc;
  if (rpc !== "dispatch") return [rpc, source, ...(filter ? [bare(filter[1])] : [])].join(" ");
  const operation = parseXml(xml);
  if (operation.name !== "get") return bare(operation);
  return ["get", "", ...operation.all("filter/*").map((one) => bare(writeXml(one)))].join(" ");
}
