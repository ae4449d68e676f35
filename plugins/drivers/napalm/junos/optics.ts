import { InvalidValue } from "../values/invalid-value.ts";
import { type JunosGetter, rpc } from "./request.ts";
import { table, text, type Values } from "./rows.ts";

/** Light levels by port: of each lane where a port has several, else of lane 0. */
export const getOptics: JunosGetter = function* () {
  const reply = yield* rpc("get-interface-optics-diagnostics-information");
  const found = new Map<string, ReturnType<typeof channelOf>[]>();
  for (const lane of laneTable(reply)) {
    if (lane.port === null || lane.index === null) continue;
    found.set(lane.port, [...(found.get(lane.port) ?? []), channelOf(Number(lane.index), lane)]);
  }
  for (const port of portTable(reply)) {
    if (port.port !== null && !found.has(port.port)) found.set(port.port, [channelOf(0, port)]);
  }
  return Object.fromEntries([...found].map(([port, channel]) => [port, { physical_channels: { channel } }]));
};

function channelOf(index: number, { input, output, bias }: Values<typeof levels>) {
  return {
    index,
    state: {
      input_power: levelOf(input),
      output_power: levelOf(output),
      laser_bias_current: levelOf(bias),
    },
  };
}

/** Junos measures only the present; no light at all is told as minus infinity. */
function levelOf(text: string | null) {
  const isDark = text === null || /^-\s?Inf$/.test(text);
  if (!isDark && !/^[+-]?\d+(\.\d+)?$/.test(text)) throw new InvalidValue("a light level or current", text);
  return { instant: isDark ? 0 : Number(text), avg: 0, max: 0, min: 0 };
}

const levels = {
  input: text("optics-diagnostics/rx-signal-avg-optical-power-dbm"),
  output: text("optics-diagnostics/laser-output-power-dbm"),
  bias: text("optics-diagnostics/laser-bias-current"),
};
const portTable = table("physical-interface", { port: text("name"), ...levels });

const laneTable = table("physical-interface/optics-diagnostics/optics-diagnostics-lane-values", {
  port: text("../../name"),
  index: text("lane-index"),
  input: text("laser-rx-optical-power-dbm"),
  output: text("laser-output-power-dbm"),
  bias: text("laser-bias-current"),
});
