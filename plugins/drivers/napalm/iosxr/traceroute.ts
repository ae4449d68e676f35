import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal, integer } from "../cisco-xr/fields.ts";
import { type Hop, type TracerouteQuery, tracerouteQuery } from "../cisco-xr/traceroute.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import type { XrGetter } from "./request.ts";

export const traceroute: XrGetter = function* ({ args }) {
  const query = tracerouteQuery(args);
  if ("error" in query) return query;
  const reply = yield treeOf("Set/Action/TraceRoute", {
    [`IPV${query.version}`]: {
      Destination: query.destination,
      ...(query.vrf && { VRFName: query.vrf }),
      ...(query.source && { Source: query.source }),
      ...(query.ttl && { MaxTTL: query.ttl }),
      ...(query.timeout && { Timeout: query.timeout }),
    },
  });
  const results = reply.first(".//Results");
  if (!results) return { error: "The device returned no results." };
  const error = results.value("Error");
  return error === "" ? { success: hopsOf(results, query) } : { error };
};

/**
 * Results are a flat list: the number of a hop, its name and address, and for each probe its number, what came anew and its time.
 * A probe without a time was not answered within the timeout.
 */
function hopsOf(results: XmlElement, { timeout }: TracerouteQuery): Record<string, Hop> {
  const hops: Record<string, Hop> = {};
  let current = { index: 1, probe: 1, address: "*", name: "" };
  let hop: Hop = { probes: {} };
  for (const one of results.children) {
    switch (one.name) {
      case "HopIndex": {
        const index = integer(one, ".", -1);
        if (index !== current.index) {
          hops[current.index] = hop;
          hop = { probes: {} };
          current = { index, probe: 1, address: "*", name: "" };
        }
        break;
      }
      case "HopAddress":
        current.address = one.value();
        break;
      case "HopHostName":
        current.name = one.value();
        break;
      case "ProbeIndex":
        current.probe = integer(one, ".") + 1;
        current.name ||= current.address;
        hop.probes[current.probe] = {
          ip_address: current.address,
          host_name: current.name,
          rtt: timeout * 1000,
        };
        break;
      case "DeltaTime": {
        const probe = hop.probes[current.probe];
        if (probe) probe.rtt = decimal(one, ".");
        break;
      }
    }
  }
  hops[current.index] = hop;
  return hops;
}
