import { ipAddressOr } from "../values/ip-address.ts";
import { answer, type IosGetter } from "./request.ts";

export const ping: IosGetter = function* ({ args }) {
  const { destination, timeout = 2, size = 100, count = 5, source, source_interface, vrf } = args;
  const from = source || source_interface;
  const command =
    `ping ${vrf ? `vrf ${vrf} ` : ""}${destination} timeout ${timeout} size ${size} repeat ${count}` +
    `${from ? ` source ${from}` : ""}`;
  const seconds = Number(timeout) * Number(count) + SETTLING_SECONDS;
  const text = yield* answer({ command, timeoutSeconds: seconds });
  if (text.includes("%")) return { error: text };
  return text.includes("Sending") ? { success: statisticsOf(text, String(destination)) } : {};
};

/** What resolving a name and writing the result may take besides the probes. */
const SETTLING_SECONDS = 30;

/** `Success rate is 80 percent (4/5), round-trip min/avg/max = 1/2/4 ms`: single answers are not told. */
function statisticsOf(text: string, destination: string) {
  const [, received = 0, sent = 0] = (/Success rate is .*\((\d+)\/(\d+)\)/.exec(text) ?? []).map(Number);
  const times = received > 0 ? (/= (\d+)\/(\d+)\/(\d+)/.exec(text) ?? []) : [];
  const [, min = 0, avg = 0, max = 0] = times.map(Number);
  const address = ipAddressOr(destination, destination);
  return {
    probes_sent: sent,
    packet_loss: sent - received,
    rtt_min: min,
    rtt_avg: avg,
    rtt_max: max,
    rtt_stddev: 0,
    results: Array.from({ length: received }, () => ({ ip_address: address, rtt: 0 })),
  };
}
