import { CommandRefused } from "../getter.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { command, type JunosGetter } from "./request.ts";
import { decimal, integer, read, rows, text } from "./rows.ts";

/** Sends echo requests. A refusal, and no answer to any of them, is a result. */
export const ping: JunosGetter = function* ({ args }) {
  const line = commandLine(`ping ${args.destination}`, [
    ["source", args.source],
    ["ttl", args.ttl ?? 255],
    ["wait", args.timeout ?? 2],
    ["size", args.size ?? 100],
    ["count", args.count ?? 5],
    ["routing-instance", args.vrf],
    ["interface", args.source_interface],
  ]);
  let reply: Awaited<ReturnType<typeof replyOf>>;
  try {
    reply = replyOf(yield* command(line));
  } catch (error) {
    if (error instanceof CommandRefused) return { error: error.message };
    throw error;
  }
  const { summary, probes, message } = reply;
  if (!summary) return { error: message };
  const { sent, loss, least, mean, greatest, deviation } = summary;
  const packetLoss = loss ?? 100;
  if (packetLoss === 100) return { error: `Packet loss ${packetLoss}` };
  return {
    success: {
      probes_sent: sent ?? 0,
      packet_loss: packetLoss,
      rtt_min: milliseconds(least),
      rtt_max: milliseconds(greatest),
      rtt_avg: milliseconds(mean),
      rtt_stddev: milliseconds(deviation),
      results: probes.map(({ address, rtt }) => ({
        ip_address: ipAddressOr("*", address ?? ""),
        rtt: milliseconds(rtt),
      })),
    },
  };
};

/** A command with the options that have a value. */
export function commandLine(command: string, options: readonly (readonly [string, unknown])[]): string {
  return [command, ...options.flatMap(([name, value]) => (value ? [`${name} ${value}`] : []))].join(" ");
}

function replyOf(reply: Parameters<typeof rows>[0]) {
  const results = reply.name === RESULTS ? [{ element: reply, parent: undefined }] : rows(reply, RESULTS);
  const [found] = results;
  const [summary] = found ? rows(found.element, "probe-results-summary") : [];
  return {
    summary: summary && read(summary, summaryFields),
    probes: (found ? rows(found.element, "probe-result") : []).map((row) => read(row, probeFields)),
    message: reply.value(".//error-message"),
  };
}

const RESULTS = "ping-results";

const summaryFields = {
  sent: integer("probes-sent"),
  loss: integer("packet-loss"),
  least: decimal("rtt-minimum"),
  greatest: decimal("rtt-maximum"),
  mean: decimal("rtt-average"),
  deviation: decimal("rtt-stddev"),
};
const probeFields = { address: text("ip-address"), rtt: decimal("rtt") };

/** Microseconds as milliseconds; -0.001 for none, as NAPALM has it. */
function milliseconds(microseconds: number | null): number {
  return Math.round(microseconds ?? -1) / 1000;
}
