import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { byTwo } from "./grouped.ts";
import { tried } from "./ping.ts";
import type { JunosGetter } from "./request.ts";
import { decimal, integer, table, text, type Values, within } from "./rows.ts";

/** The hops to a destination, three probes each. A refusal is a result. */
export const traceroute: JunosGetter = function* ({ args }) {
  const reply = yield* tried(`traceroute ${args.destination}`, [
    ["source", args.source],
    ["ttl", args.ttl ?? 255],
    ["wait", args.timeout ?? 2],
    ["routing-instance", args.vrf],
  ]);
  if ("error" in reply) return reply;
  const { results } = reply;
  if (results.name !== "traceroute-results")
    throw new InvalidValue("the result of a traceroute", `<${results.name}>`);
  const failure = results.value("traceroute-failure");
  const message = results.value("rpc-error/error-message");
  if (failure !== "" && message !== "") return { error: `${failure}: ${message}` };
  // A hop may stand there several times, each time with one of its probes.
  const probes = byTwo(
    hopTable(results).flatMap(({ hop, probes }) =>
      probes.map((one) => [String(hop ?? 1), String(one.index ?? 0), modelOf(one)] as const),
    ),
  );
  const hops = Object.entries(probes).map(([hop, probes]) => [hop, { probes }]);
  return { success: Object.fromEntries(hops) };
};

function modelOf({ address, host, rtt }: Values<typeof probe>) {
  return {
    ip_address: ipAddressOr("*", address ?? ""),
    host_name: host ?? "*",
    rtt: (rtt ?? 0) * 1e-3,
  };
}

const probe = {
  index: integer("probe-index"),
  address: text("ip-address"),
  host: text("host-name"),
  rtt: decimal("rtt"),
};

const hopTable = table("hop", { hop: integer("ttl-value"), probes: within("probe-result", probe) });
