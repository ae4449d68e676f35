import { z } from "zod";
import { type NxosGetter, rows, word } from "./request.ts";

export const getNetworkInstances: NxosGetter = function* ({ args: { name = "" } }) {
  const vrfs = yield* rows("show vrf detail", "vrf", vrfRows);
  const interfaces = yield* rows("show vrf interface", "if", interfaceRows);
  const byVrf = Map.groupBy(interfaces, (one) => one.vrf_name);
  const wanted = vrfs.filter(({ vrf_name }) => name === "" || vrf_name === name);
  return Object.fromEntries(
    wanted.map(({ vrf_name, rd }) => [
      vrf_name,
      {
        name: vrf_name,
        type: vrf_name === "default" ? "DEFAULT_INSTANCE" : "L3VRF",
        state: { route_distinguisher: rd },
        interfaces: {
          interface: Object.fromEntries((byVrf.get(vrf_name) ?? []).map(({ if_name }) => [if_name, {}])),
        },
      },
    ]),
  );
};

const vrfRows = z.array(z.object({ vrf_name: word, rd: word }));
const interfaceRows = z.array(z.object({ vrf_name: word, if_name: word }));
