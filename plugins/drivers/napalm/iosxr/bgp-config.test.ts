import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const as = (name: string, upper: number, lower: number) =>
  `<${name}><AS_XX>${upper}</AS_XX><AS_YY>${lower}</AS_YY></${name}>`;
const neighbour = (address: string, content: string) =>
  `<Neighbor><Naming><NeighborAddress><IPV4Address>${address}</IPV4Address></NeighborAddress></Naming>${content}</Neighbor>`;
const limited = `<NeighborAFTable><NeighborAF><Naming><AFName>VPNv4Unicast</AFName></Naming></NeighborAF></NeighborAFTable>`;
const family = `<NeighborAFTable><NeighborAF><Naming><AFName>IPv6Unicast</AFName></Naming></NeighborAF>
  <NeighborAF><RoutePolicyIn>IN</RoutePolicyIn><MaximumPrefixes><PrefixLimit>100</PrefixLimit><WarningPercentage>80</WarningPercentage></MaximumPrefixes></NeighborAF></NeighborAFTable>`;
const group = (name: string) =>
  `<NeighborGroup><Naming><NeighborGroupName>${name}</NeighborGroupName></Naming>${as("RemoteAS", 0, 64_513)}
   <EBGPMultihop><MaxHopCount>4</MaxHopCount></EBGPMultihop></NeighborGroup>`;
const request = "Get/Configuration/BGP/Instance/Naming/InstanceName default";
const responses = {
  [request]: `<Get><Configuration><BGP><Instance><InstanceAS><FourByteAS><Naming><AS>64512</AS></Naming>
    ${neighbour("10.0.0.2", `<NeighborGroupAddMember>PEERS</NeighborGroupAddMember>${as("RemoteAS", 1, 5)}${family}`)}
    ${neighbour("10.0.0.3", `<NeighborGroupAddMember>PEERS</NeighborGroupAddMember>${limited}`)}
    ${neighbour("10.0.0.4", `<Description>alone</Description>${as("LocalAS", 0, 65_000)}`)}
    ${group("PEERS")}${group("OTHERS")}</FourByteAS></InstanceAS></Instance></BGP></Configuration></Get>`,
};

test("neighbours stand in their groups, and those of none under _", async () => {
  const model = await get("get_bgp_config", responses);
  expect(model).toMatchObject({
    PEERS: {
      remote_as: 64_513,
      local_as: 64_512,
      multihop_ttl: 4,
      neighbors: {
        "10.0.0.2": {
          // 1 × 65536 + 5: an AS of four bytes comes in halves.
          remote_as: 65_541,
          import_policy: "IN",
          prefix_limit: { inet6: { unicast: { limit: 100, teardown: { threshold: 80, timeout: 0 } } } },
        },
        "10.0.0.3": { prefix_limit: {} },
      },
    },
    OTHERS: { neighbors: {} },
    _: { local_as: 64_512, neighbors: { "10.0.0.4": { description: "alone", local_as: 65_000 } } },
  });
});

test("one group, and one neighbour of it, can be asked for", async () => {
  const model = await get("get_bgp_config", responses, { group: "PEERS", neighbor: "10.0.0.3" });
  expect(Object.keys(model as object)).toEqual(["PEERS", "_"]);
  expect(model).toMatchObject({ PEERS: { neighbors: { "10.0.0.3": {} } }, _: { neighbors: {} } });
});

test("a router without BGP has no configuration of it", async () => {
  expect(await get("get_bgp_config", { [request]: '<Get ItemNotFound="true"/>' })).toEqual({});
});
