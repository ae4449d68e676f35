import { type EosGetter, texts } from "./request.ts";

export const ping: EosGetter = function* ({ args }) {
  const { destination, timeout = 2, size = 100, count = 5, source, source_interface, vrf } = args;
  const from = `${source ? ` source ${source}` : ""}${source_interface ? ` interface ${source_interface}` : ""}`;
  const command = `ping ${destination} timeout ${timeout} size ${size} repeat ${count}${from}`;
  const output = (yield* texts([...(vrf ? [`cli vrf ${vrf}`] : []), command])).at(-1) ?? "";
  const isSent = output.includes("PING") && !output.includes("connect:");
  return isSent ? { success: statisticsOf(output) } : { error: output };
};

function statisticsOf(output: string) {
  const [, sent = "0", received = "0"] = /(\d+) packets transmitted, (\d+)/.exec(output) ?? [];
  const times = /min\/avg\/max\/\S+ = ([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(output) ?? [];
  const [min = 0, avg = 0, max = 0, deviation = 0] = times.slice(1).map(Number);
  return {
    probes_sent: Number(sent),
    packet_loss: Number(sent) - Number(received),
    rtt_min: min,
    rtt_avg: avg,
    rtt_max: max,
    rtt_stddev: deviation,
    results: output.split("\n").flatMap(probeOf),
  };
}

/** An answer, an answer cut short, or a router's word that the destination cannot be reached. */
function probeOf(line: string): { ip_address: string; rtt: number }[] {
  const from = /from (?:\S+ \(([^)]+)\)|(\S+?)):? /i.exec(line);
  const address = from?.[1] ?? from?.[2];
  if (address === undefined || !line.includes("icmp")) return [];
  const rtt = line.includes("truncated") ? undefined : /time=([\d.]+)/.exec(line)?.[1];
  return rtt === undefined && !/Unreachable|truncated/.test(line)
    ? []
    : [{ ip_address: address, rtt: Number(rtt ?? 0) }];
}
