import { CommandRefused } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { byTwo } from "./grouped.ts";
import { commandLine } from "./ping.ts";
import { command, type JunosGetter } from "./request.ts";
import { decimal, integer, table, text, type Values, within } from "./rows.ts";

/** The hops to a destination, three probes each. A refusal is a result. */
export const traceroute: JunosGetter = function* ({ args }) {
  const line = commandLine(`traceroute ${args.destination}`, [
    ["source", args.source],
    ["ttl", args.ttl ?? 255],
    ["wait", args.timeout ?? 2],
    ["routing-instance", args.vrf],
  ]);
  let reply: Parameters<typeof hopTable>[0];
  try {
    reply = yield* command(line);
  } catch (error) {
    if (error instanceof CommandRefused) return { error: error.message };
    throw error;
  }
  const results = reply.name === RESULTS ? reply : reply.first(`.//${RESULTS}`);
  if (!results) throw new InvalidValue("the result of a traceroute", `<${reply.name}>`);
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

const RESULTS = "traceroute-results";

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
