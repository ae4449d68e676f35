import { CommandRefused } from "../getter.ts";
import { macAddress } from "../values/mac-address.ts";
import { fact, type JunosFacts, type JunosGetter, type RpcArguments, rpc } from "./request.ts";
import { type Field, integer, is, table, text, texts } from "./rows.ts";

type SwitchStyle = JunosFacts["switchStyle"];

export const getMacAddressTable: JunosGetter = function* () {
  const { name, args, read } = MAC_TABLES[yield* fact("switchStyle")];
  let reply: Parameters<typeof read>[0];
  try {
    reply = yield* rpc(name, args);
  } catch (error) {
    // Nothing is switched, so nothing is learned.
    if (error instanceof CommandRefused && error.message.includes("l2-learning subsystem")) return [];
    throw error;
  }
  return read(reply)
    .filter(({ mac }) => mac !== FLOOD)
    .map((one) => ({
      mac: macAddress(one.mac ?? ""),
      interface: one.interface ?? "",
      vlan: one.vlan ?? 0,
      static: one.static ?? false,
      active: true,
      moves: 0,
      last_move: 0,
    }));
};

/** Stands in place of an address where frames go everywhere. */
const FLOOD = "*";
const notTold: Field<boolean | null> = () => null;

const ofSwitches = {
  name: "get-ethernet-switching-table-information",
  args: { extensive: true },
  read: table("ethernet-switching-table/mac-table-entry", {
    mac: text("mac-address"),
    interface: text("mac-interface"),
    vlan: integer("mac-vlan-tag"),
    static: is("mac-type", "Static"),
  }),
} as const;

const MAC_TABLES: Readonly<
  Record<SwitchStyle, { name: string; args: RpcArguments; read: (typeof ofSwitches)["read"] }>
> = {
  VLAN: ofSwitches,
  NONE: ofSwitches,
  VLAN_L2NG: {
    name: "get-ethernet-switching-table-information",
    args: { extensive: true },
    read: table("l2ng-l2ald-mac-entry-vlan", {
      mac: text("l2ng-l2-mac-address"),
      interface: text("l2ng-l2-mac-logical-interface"),
      vlan: integer("l2ng-l2-vlan-id"),
      static: notTold,
    }),
  },
  BRIDGE_DOMAIN: {
    name: "get-bridge-mac-table",
    args: { extensive: true },
    read: table("l2ald-mac-entry", {
      mac: text("l2-mac-address"),
      interface: text("l2-mac-logical-interface"),
      vlan: integer("l2-bridge-vlan"),
      static: notTold,
    }),
  },
};

export const getVlans: JunosGetter = function* () {
  const form = VLAN_TABLES[yield* fact("switchStyle")];
  if (!form) return {};
  const vlans = form.read(yield* rpc(form.name));
  return Object.fromEntries(
    vlans.flatMap(({ tag, name, interfaces }) =>
      tag === null
        ? []
        : [[tag, { name: name ?? "", interfaces: interfaces.filter(isName).map(withoutMark) }]],
    ),
  );
};

/** A VLAN without interfaces has an empty element in their place, or the word None. */
function isName(text: string): boolean {
  return text !== "None" && !text.endsWith("interface") && !text.endsWith("interface-name");
}

/** An asterisk marks interfaces that are up. */
function withoutMark(name: string): string {
  return name.replaceAll("*", "");
}

const VLAN_TABLES = {
  NONE: undefined,
  VLAN: {
    name: "get-vlan-information",
    read: table("vlan", {
      tag: text("vlan-tag"),
      name: text("vlan-name"),
      interfaces: texts("vlan-detail/vlan-member-list/vlan-member/vlan-member-interface"),
    }),
  },
  VLAN_L2NG: {
    name: "get-vlan-information",
    read: table("l2ng-l2ald-vlan-instance-group", {
      tag: text("l2ng-l2rtb-vlan-tag"),
      name: text("l2ng-l2rtb-vlan-name"),
      interfaces: texts("l2ng-l2rtb-vlan-member/l2ng-l2rtb-vlan-member-interface"),
    }),
  },
  BRIDGE_DOMAIN: {
    name: "get-bridge-instance-information",
    read: table("l2ald-bridge-instance-group", {
      tag: text("l2rtb-bridge-vlan"),
      name: text("l2rtb-bridging-domain"),
      interfaces: texts("l2rtb-interface-name"),
    }),
  },
} as const;
