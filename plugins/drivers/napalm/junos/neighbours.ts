import { ipAddress } from "../values/ip-address.ts";
import { macAddress } from "../values/mac-address.ts";
import { type JunosGetter, rpc } from "./request.ts";
import { decimal, table, text } from "./rows.ts";

export const getArpTable: JunosGetter = function* () {
  const reply = yield* rpc("get-arp-table-information", { "expiration-time": true, "no-resolve": true });
  return arpTable(reply).map((one) => ({
    interface: one.interface ?? "",
    mac: macAddress(one.mac ?? ""),
    ip: ipAddress(one.ip ?? ""),
    age: one.age ?? -1,
  }));
};

const arpTable = table("arp-table-entry", {
  interface: text("interface-name"),
  mac: text("mac-address"),
  ip: text("ip-address"),
  age: decimal("time-to-expire"),
});

export const getIpv6NeighborsTable: JunosGetter = function* () {
  return neighbourTable(yield* rpc("get-ipv6-nd-information")).map((one) => ({
    interface: one.interface ?? "",
    mac: one.mac === "none" ? "" : macAddress(one.mac ?? ""),
    ip: ipAddress(one.ip ?? ""),
    age: one.age ?? -1,
    state: one.state ?? "",
  }));
};

const neighbourTable = table("ipv6-nd-entry", {
  interface: text("ipv6-nd-interface-name"),
  mac: text("ipv6-nd-neighbor-l2-address"),
  ip: text("ipv6-nd-neighbor-address"),
  age: decimal("ipv6-nd-expire"),
  state: text("ipv6-nd-state"),
});
