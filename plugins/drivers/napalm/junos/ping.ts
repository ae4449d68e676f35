import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { type Asking, command, type JunosGetter } from "./request.ts";
import { decimal, integer, table, text } from "./rows.ts";

/** Sends echo requests. A refusal, and no answer to any of them, is a result. */
export const ping: JunosGetter = function* ({ args }) {
  const reply = yield* tried(`ping ${args.destination}`, [
    ["source", args.source],
    ["ttl", args.ttl ?? 255],
    ["wait", args.timeout ?? 2],
    ["size", args.size ?? 100],
    ["count", args.count ?? 5],
    ["routing-instance", args.vrf],
    ["interface", args.source_interface],
  ]);
  if ("error" in reply) return reply;
  const [summary] = summaryTable(reply.results);
  if (!summary) return { error: reply.results.value(".//error-message") || reply.results.value() };
  const packetLoss = summary.loss ?? 100;
  if (packetLoss === 100) return { error: `Packet loss ${packetLoss}` };
  return {
    success: {
      probes_sent: summary.sent ?? 0,
      packet_loss: packetLoss,
      rtt_min: milliseconds(summary.least),
      rtt_max: milliseconds(summary.greatest),
      rtt_avg: milliseconds(summary.mean),
      rtt_stddev: milliseconds(summary.deviation),
      results: probeTable(reply.results).map(({ address, rtt }) => ({
        ip_address: ipAddressOr("*", address ?? ""),
        rtt: milliseconds(rtt),
      })),
    },
  };
};

/** Runs a command with the options that have a value; what the device says against it is a result. */
export function* tried(
  program: string,
  options: readonly (readonly [string, unknown])[],
): Asking<{ readonly results: XmlElement } | { readonly error: string }> {
  const given = options.flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  try {
    return { results: yield* command([program, ...given].join(" ")) };
  } catch (error) {
    if (error instanceof CommandRefused) return { error: error.message };
    throw error;
  }
}

/** Microseconds as milliseconds; -0.001 for none, as NAPALM has it. */
function milliseconds(microseconds: number | null): number {
  return Math.round(microseconds ?? -1) / 1000;
}

const summaryTable = table("probe-results-summary", {
  sent: integer("probes-sent"),
  loss: integer("packet-loss"),
  least: decimal("rtt-minimum"),
  greatest: decimal("rtt-maximum"),
  mean: decimal("rtt-average"),
  deviation: decimal("rtt-stddev"),
});

const probeTable = table("probe-result", { address: text("ip-address"), rtt: decimal("rtt") });
