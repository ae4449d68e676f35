import { expect, test } from "vitest";
import { get } from "./test-router.ts";

test("peers and servers of NTP are told apart, of both address families", async () => {
  const peer = (family: string, address: string, type: string) =>
    `<Peer${family}Table><Peer${family}><Naming><Address${family}>${address}</Address${family}></Naming>
     <PeerType${family}><Naming><PeerType>${type}</PeerType></Naming></PeerType${family}></Peer${family}></Peer${family}Table>`;
  const responses = {
    "Get/Configuration/NTP": `<Get>${peer("IPV4", "10.0.0.1", "Server")}${peer("IPV6", "2001:db8::1", "Peer")}</Get>`,
  };
  expect(await get("get_ntp_servers", responses)).toEqual({ "10.0.0.1": {} });
  expect(await get("get_ntp_peers", responses)).toEqual({ "2001:db8::1": {} });
});

test("the router's own other processor is no association", async () => {
  const association = (content: string) =>
    `<Associations><PeerSummaryInfo><Entry><PeerInfoCommon>${content}</PeerInfoCommon></Entry></PeerSummaryInfo></Associations>`;
  const own = association("<Address>DLRSC node</Address>");
  const real = association(
    "<Address>10.0.0.1</Address><IsSysPeer>true</IsSysPeer><Stratum>2</Stratum><Delay>1.25</Delay>",
  );
  const responses = {
    "Get/Operational/NTP/NodeTable": `<Get><NodeTable><Node>${own}</Node><Node>${real}</Node></NodeTable></Get>`,
  };
  expect(await get("get_ntp_stats", responses)).toMatchObject([
    { remote: "10.0.0.1", synchronized: true, stratum: 2, delay: 1.25, jitter: 0 },
  ]);
});

const configured = `<Get><Definition><Naming><OperationID>7</OperationID></Naming><OperationType><ICMPEcho><Tag>to-core</Tag>
  <SourceAddress>10.0.0.1</SourceAddress><DestAddress>10.0.0.2</DestAddress><Frequency>60</Frequency><History><Buckets>15</Buckets></History>
  </ICMPEcho></OperationType></Definition><Definition><Naming><OperationID>8</OperationID></Naming></Definition></Get>`;

test("a probe that is not complete is left out", async () => {
  expect(await get("get_probes_config", { "Get/Configuration/IPSLA": configured })).toEqual({
    "7": {
      "to-core": {
        probe_type: "icmp-ping",
        source: "10.0.0.1",
        target: "10.0.0.2",
        probe_count: 15,
        test_interval: 60,
      },
    },
  });
});

const bucket = (time: number, code: string) =>
  `<Bucket><ResponseTime>${time}</ResponseTime><ReturnCode>${code}</ReturnCode></Bucket>`;
const stats = `<CommonStats><MinResponseTime>10</MinResponseTime><MaxResponseTime>30</MaxResponseTime><SumResponseTime>80</SumResponseTime>
  <Sum2ResponseTime>1600</Sum2ResponseTime><UpdateCount>4</UpdateCount></CommonStats>`;
const operation = (
  id: string,
) => `<Operation><Naming><OperationID>${id}</OperationID></Naming><History><Target><LifeTable>
  <Life><BucketTable>${bucket(500, "ipslaRetCodeOK")}</BucketTable></Life>
  <Life><BucketTable>${bucket(20, "ipslaRetCodeOK")}${bucket(30, "ipslaRetCodeOK")}${bucket(0, "ipslaRetCodeTimeout")}</BucketTable></Life>
  </LifeTable></Target></History><Statistics><Latest><Target>${stats}<SpecificStats><op_type>ICMPEcho</op_type></SpecificStats></Target></Latest>
  <Aggregated><HourTable><Hour><Distributed><Target><DistributionIntervalTable><DistributionInterval>${stats}</DistributionInterval>
  </DistributionIntervalTable></Target></Distributed></Hour></HourTable></Aggregated></Statistics></Operation>`;

test("results of a probe are those of its last life, with names from its configuration", async () => {
  const responses = {
    "Get/Configuration/IPSLA": configured,
    "Get/Operational/IPSLA": `<Get>${operation("7")}</Get>`,
  };
  const rtt = 50 / 3;
  expect(await get("get_probes_results", responses)).toEqual({
    "7": {
      "to-core": {
        target: "",
        source: "10.0.0.1",
        probe_type: "icmp-ping",
        probe_count: 15,
        rtt,
        round_trip_jitter: rtt - 20,
        last_test_loss: 33,
        current_test_min_delay: 0,
        current_test_max_delay: 0,
        current_test_avg_delay: 0,
        last_test_min_delay: 10,
        last_test_max_delay: 30,
        last_test_avg_delay: 20,
        global_test_min_delay: 10,
        global_test_max_delay: 30,
        global_test_avg_delay: 20,
      },
    },
  });
});

test("a result of a probe that is not configured fails: nobody knows its name", async () => {
  const responses = {
    "Get/Configuration/IPSLA": configured,
    "Get/Operational/IPSLA": `<Get>${operation("99")}</Get>`,
  };
  await expect(get("get_probes_results", responses)).rejects.toThrow(
    '"99" is not a probe that is configured',
  );
});

const trace = (results: string) => ({
  "Set/Action/TraceRoute/IPV4": `<Set><Action><TraceRoute><IPV4><Results>${results}</Results></IPV4></TraceRoute></Action></Set>`,
});
const probe = (index: number, answer: string) => `<ProbeIndex>${index}</ProbeIndex>${answer}`;

test("a probe takes the address and name that were told last within its hop; an unanswered one took all its time", async () => {
  const results = `<HopIndex>1</HopIndex>${probe(0, "<Result>*</Result>")}
    <HopIndex>2</HopIndex><HopHostName>core1</HopHostName><HopAddress>10.0.0.2</HopAddress>${probe(0, "<DeltaTime>3</DeltaTime>")}
    <HopAddress>10.0.0.3</HopAddress>${probe(1, "<DeltaTime>4</DeltaTime>")}`;
  expect(await get("traceroute", trace(results), { destination: "8.8.8.8", timeout: 5 })).toEqual({
    success: {
      "1": { probes: { "1": { ip_address: "*", host_name: "*", rtt: 5000 } } },
      "2": {
        probes: {
          "1": { ip_address: "10.0.0.2", host_name: "core1", rtt: 3 },
          "2": { ip_address: "10.0.0.3", host_name: "core1", rtt: 4 },
        },
      },
    },
  });
});

test("what went wrong on the router is the result, and so is a destination that is no address", async () => {
  expect(await get("traceroute", trace("<Error>no route</Error>"), { destination: "8.8.8.8" })).toEqual({
    error: "no route",
  });
  expect(await get("traceroute", {}, { destination: "core1" })).toEqual({
    error: '"core1" is not an IP address.',
  });
});
