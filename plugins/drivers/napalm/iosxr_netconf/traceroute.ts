import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal, integer } from "../cisco-xr/fields.ts";
import { type Hop, type TracerouteQuery, tracerouteQuery } from "../cisco-xr/traceroute.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import { CommandRefused } from "../getter.ts";
import { reply, type XrNetconfGetter } from "./request.ts";

/** A refusal is a result, as NAPALM has it. */
export const traceroute: XrNetconfGetter = function* ({ args }) {
  const query = tracerouteQuery(args);
  if ("error" in query) return query;
  const rpc = treeOf(`Cisco-IOS-XR-traceroute-act:traceroute/ipv${query.version}`, {
    destination: query.destination,
    ...(query.vrf && { "vrf-name": query.vrf }),
    ...(query.source && { source: query.source }),
    ...(query.ttl && { "max-ttl": query.ttl }),
    ...(query.timeout && { timeout: query.timeout }),
  });
  try {
    return { success: hopsOf(yield* reply({ operation: "rpc", rpc }), query) };
  } catch (error) {
    if (error instanceof CommandRefused) return { error: error.message };
    throw error;
  }
};

/** A hop that nobody answered for has no address and is left out. */
function hopsOf(answer: XmlElement, query: TracerouteQuery): Record<string, Hop> {
  return Object.fromEntries(
    answer
      .all(`.//ipv${query.version}/hops/hop`)
      .filter((hop) => hop.value("hop-address") !== "")
      .map((hop) => [integer(hop, "hop-index", -1), { probes: probesOf(hop, query) }]),
  );
}

/** What a probe does not tell anew is that of its hop; one without a time was not answered within the timeout. */
function probesOf(hop: XmlElement, { timeout }: TracerouteQuery): Hop["probes"] {
  const address = hop.value("hop-address");
  const name = hop.first("hop-hostname")?.value() ?? address;
  return Object.fromEntries(
    hop.all("probes/probe").map((probe) => [
      integer(probe, "probe-index") + 1,
      {
        ip_address: probe.first("hop-address")?.value() ?? address,
        host_name: probe.first("hop-hostname")?.value() ?? name,
        rtt: decimal(probe, "delta-time", timeout * 1000),
      },
    ]),
  );
}
