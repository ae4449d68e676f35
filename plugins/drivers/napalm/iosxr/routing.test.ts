import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const route = (protocol: string, hops: readonly string[]) =>
  `<Route><Naming><Address>10.0.0.0</Address></Naming><Prefix>10.0.0.0</Prefix><PrefixLength>8</PrefixLength><ProtocolName>${protocol}</ProtocolName>
   <Priority>12</Priority><RouteAge>60</RouteAge><RoutePath>${hops
     .map((hop) => `<Entry><Address>${hop}</Address><InterfaceName>BVI1</InterfaceName></Entry>`)
     .join("")}</RoutePath></Route>`;
const rib = "Get/Operational/RIB/VRFTable/VRF";

test("a route has an entry for each next hop, of which the first is active", async () => {
  const responses = { [rib]: `<Get>${route("static", ["10.1.1.1", "10.1.1.2"])}</Get>` };
  expect(await get("get_route_to", responses, { destination: "10.0.0.0/8" })).toMatchObject({
    "10.0.0.0/8": [
      { next_hop: "10.1.1.1", current_active: true, protocol: "static", outgoing_interface: "BVI1", age: 60 },
      { next_hop: "10.1.1.2", current_active: false },
    ],
  });
});

test("routes of another protocol are left out; direct means connected", async () => {
  const responses = { [rib]: `<Get>${route("connected", ["0.0.0.0"])}</Get>` };
  const asked = (protocol: string) => get("get_route_to", responses, { destination: "10.0.0.0/8", protocol });
  expect(Object.keys((await asked("Direct")) as object)).toEqual(["10.0.0.0/8"]);
  expect(await asked("bgp")).toEqual({});
});

test("a release that calls the table otherwise is asked for that one", async () => {
  const asked: string[] = [];
  const responses = {
    [rib]: (request: { has(path: string): boolean }) => {
      const isNew = request.has(".//IP_RIBRouteTableName");
      asked.push(isNew ? "new" : "old");
      return isNew ? `<Get>${route("bgp", [])}</Get>` : '<ResultSummary ErrorCount="1"/>';
    },
  };
  expect(await get("get_route_to", responses, { destination: "10.0.0.0/8" })).toEqual({ "10.0.0.0/8": [] });
  expect(asked).toEqual(["old", "new"]);
});

test("a destination that is no address fails before anything is asked", async () => {
  await expect(get("get_route_to", {}, { destination: "somewhere" })).rejects.toThrow("not an IP address");
});

const neighbour = (address: string, state: string, more = "") =>
  `<Neighbor><Naming><NeighborAddress>${address}</NeighborAddress></Naming><LocalAS>64512</LocalAS><RemoteAS>64513</RemoteAS>
   <RouterID>10.0.0.9</RouterID><ConnectionAdminStatus>1</ConnectionAdminStatus><ConnectionState>${state}</ConnectionState>
   <ConnectionEstablishedTime>77</ConnectionEstablishedTime><ConnectionLocalAddress><IPV4Address>10.0.0.1</IPV4Address></ConnectionLocalAddress>
   <ConnectionRemoteAddress><AFI>IPv4</AFI>${address}</ConnectionRemoteAddress>
   <AFData><Entry><PrefixesAccepted>5</PrefixesAccepted><PrefixesDenied>2</PrefixesDenied></Entry></AFData>${more}</Neighbor>`;
const four = (address: string) => `<IPV4Address>${address}</IPV4Address>`;
const vrfs = {
  "Get/Operational/BGP/ConfigInstanceTable/ConfigInstance":
    "<Get><ConfigVRF><Naming><VRFName>red</VRFName></Naming></ConfigVRF></Get>",
};
const instance = "Get/Operational/BGP/InstanceTable/Instance";

test("BGP is asked for in the global table and in every configured VRF", async () => {
  const process = "<GlobalProcessInfo><VRF><RouterID>10.9.9.9</RouterID></VRF></GlobalProcessInfo>";
  const within = (content: string) =>
    `<Get><Operational><BGP><InstanceTable><Instance><InstanceActive>${content}</InstanceActive></Instance></InstanceTable></BGP></Operational></Get>`;
  const responses = {
    ...vrfs,
    [instance]: (request: { has(path: string): boolean }) =>
      request.has(".//DefaultVRF")
        ? within(
            `<DefaultVRF>${process}<NeighborTable>${neighbour(four("10.0.0.2"), "BGP_ST_ESTAB")}</NeighborTable></DefaultVRF>`,
          )
        : within(`<VRFTable><VRF>${process}</VRF></VRFTable>`),
  };
  expect(await get("get_bgp_neighbors", responses)).toEqual({
    global: {
      router_id: "10.9.9.9",
      peers: {
        "10.0.0.2": {
          local_as: 64512,
          remote_as: 64513,
          remote_id: "10.0.0.9",
          is_up: true,
          is_enabled: true,
          description: "",
          uptime: 77,
          address_family: { ipv4: { received_prefixes: 7, accepted_prefixes: 5, sent_prefixes: 0 } },
        },
      },
    },
    red: { router_id: "10.9.9.9", peers: {} },
  });
});

const details = {
  ...vrfs,
  [instance]: `<Get><InstanceTable><Instance><InstanceActive><VRFTable><VRF><Naming><VRFName>default</VRFName></Naming>
    <GlobalProcessInfo><VRF><HoldTime>180</HoldTime><KeepAliveTime>60</KeepAliveTime></VRF></GlobalProcessInfo><NeighborTable>
    ${neighbour(four("10.0.0.2"), "BGP_ST_ESTAB", "<HoldTime>9</HoldTime><MessgesReceived>4</MessgesReceived>")}
    ${neighbour(four("10.0.0.3"), "BGP_ST_OPENSENT", "<PreviousConnectionState>3</PreviousConnectionState>")}
    </NeighborTable></VRF></VRFTable></InstanceActive></Instance></InstanceTable></Get>`,
};

test("a neighbour without timers of its own has those of its VRF", async () => {
  expect(await get("get_bgp_neighbors_detail", details)).toMatchObject({
    global: {
      "64513": [
        {
          up: true,
          connection_state: "Established",
          previous_connection_state: "",
          holdtime: 9,
          keepalive: 60,
          input_messages: 4,
          routing_table: "default",
          local_as_prepend: true,
        },
        { up: false, connection_state: "Opensent", previous_connection_state: "OpenSent", holdtime: 180 },
      ],
    },
  });
});

test("one neighbour can be asked for", async () => {
  const model = await get("get_bgp_neighbors_detail", details, { neighbor_address: "10.0.0.3" });
  expect(model).toMatchObject({ global: { "64513": [{ remote_address: "10.0.0.3" }] } });
});
