import { z } from "zod";
import { iosxrNetconfGetters } from "../../../../plugins/drivers/napalm/iosxr_netconf/getters.ts";
import type { NetconfRequest } from "../../../../plugins/drivers/napalm/iosxr_netconf/request.ts";
import { parseXml, writeXml } from "../../../device/xml/index.ts";
import type { GetterAdapter } from "./adapters.ts";
import { bare, refusalOf } from "./iosxr.ts";

/** A `<get>` that was recorded as an operation of its own counts as one. */
export const iosxrNetconf: GetterAdapter = {
  getters: iosxrNetconfGetters,
  matches: (request, recorded) => keyOf(request as NetconfRequest) === recordedKey(recorded),
  reply: (recorded) => {
    const { response_xml, capabilities, error } = shape.parse(recorded);
    if (error !== undefined) throw refusalOf(error);
    if (capabilities) return capabilities;
    const reply = parseXml(response_xml ?? "");
    return reply.child("data") ?? reply;
  },
  further: (record) => {
    const { server_capabilities_xml } = session.parse(record);
    if (server_capabilities_xml === undefined) return [];
    const announced = parseXml(server_capabilities_xml).all("capabilities/capability");
    return [{ rpc: "capabilities", capabilities: announced.map((one) => one.value()) }];
  },
};

const shape = z.looseObject({
  rpc: z.string(),
  filter: z.tuple([z.string(), z.string()]).nullish(),
  xml: z.string().optional(),
  source: z.string().optional(),
  response_xml: z.string().nullish(),
  error: z.unknown().optional(),
  capabilities: z.array(z.string()).optional(),
});
const session = z.looseObject({ server_capabilities_xml: z.string().optional() });

function keyOf(request: NetconfRequest): string {
  switch (request.operation) {
    case "capabilities":
      return "capabilities";
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
  if (rpc === "capabilities") return rpc;
  if (rpc !== "dispatch") return [rpc, source, ...(filter ? [bare(filter[1])] : [])].join(" ");
  const operation = parseXml(xml);
  if (operation.name !== "get") return bare(operation);
  return ["get", "", ...operation.all("filter/*").map((one) => bare(writeXml(one)))].join(" ");
}
