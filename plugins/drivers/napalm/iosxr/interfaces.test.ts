import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const table = (...interfaces: string[]) =>
  `<Get><Operational><Interfaces><InterfaceTable>${interfaces.join("")}</InterfaceTable></Interfaces></Operational></Get>`;

const gigabit = `<Interface><Naming><InterfaceName>GigabitEthernet0/0/0/1</InterfaceName></Naming>
  <LineState>IM_STATE_UP</LineState><State>IM_STATE_UP</State><MTU>1514</MTU><Bandwidth>1000000</Bandwidth>
  <MACAddress><Address>0011.2233.4455</Address></MACAddress><Description> to core </Description>
  <LastStateTransitionTime>1500000000</LastStateTransitionTime></Interface>`;

const tunnel = `<Interface><Naming><InterfaceName>tunnel-te5</InterfaceName></Naming>
  <LineState>IM_STATE_DOWN</LineState><State>IM_STATE_ADMINDOWN</State><MTU>1500</MTU></Interface>`;

test("speeds come in kbit/s and times of changes in nanoseconds; what is not told is NAPALM's nothing", async () => {
  expect(await get("get_interfaces", { "Get/Operational/Interfaces": table(gigabit, tunnel) })).toEqual({
    "GigabitEthernet0/0/0/1": {
      is_up: true,
      is_enabled: true,
      description: "to core",
      last_flapped: 1.5,
      mtu: 1514,
      speed: 1000,
      mac_address: "00:11:22:33:44:55",
    },
    "tunnel-te5": {
      is_up: false,
      is_enabled: false,
      description: "",
      last_flapped: -1,
      mtu: 1500,
      speed: 0,
      mac_address: "",
    },
  });
});

test("an interface without an MTU, or with one that is no number, fails and names the field", async () => {
  const withMtu = (mtu: string) => ({
    "Get/Operational/Interfaces": table(
      `<Interface><Naming><InterfaceName>BVI1</InterfaceName></Naming>${mtu}</Interface>`,
    ),
  });
  await expect(get("get_interfaces", withMtu(""))).rejects.toThrow("MTU");
  await expect(get("get_interfaces", withMtu("<MTU>big</MTU>"))).rejects.toThrow(
    '"big" is not a whole number (MTU)',
  );
});

test("only interfaces that count have counters; one that the router leaves out is 0", async () => {
  const counting = `<Interface><InterfaceHandle>Gi0/0/0/1</InterfaceHandle><InterfaceStatistics><FullInterfaceStats>
    <BytesSent>900719925474</BytesSent><InputErrors>3</InputErrors></FullInterfaceStats></InterfaceStatistics></Interface>`;
  const model = await get("get_interfaces_counters", {
    "Get/Operational/Interfaces/InterfaceTable": table(
      counting,
      "<Interface><InterfaceHandle>Null0</InterfaceHandle></Interface>",
    ),
  });
  expect(model).toMatchObject({ "Gi0/0/0/1": { rx_errors: 3, tx_errors: 0, rx_octets: 0 } });
  expect(Object.keys(model as object)).toEqual(["Gi0/0/0/1"]);
});

test("an interface has all of its addresses, in their standard notation", async () => {
  const four = `<IPV4Network><InterfaceTable><Interface><Naming><InterfaceName>BVI1</InterfaceName></Naming><VRFTable><VRF><Detail>
    <PrimaryAddress>10.0.0.1</PrimaryAddress><PrefixLength>24</PrefixLength><SecondaryAddress><Entry><Address>10.0.1.1</Address>
    <PrefixLength>25</PrefixLength></Entry></SecondaryAddress></Detail></VRF></VRFTable></Interface></InterfaceTable></IPV4Network>`;
  const six = `<IPV6Network><NodeTable><Node><InterfaceData><VRFTable><VRF><GlobalDetailTable>
    <GlobalDetail><Naming><InterfaceName>BVI1</InterfaceName></Naming><AddressList><Entry><Address>2001:0DB8::1</Address>
    <PrefixLength>64</PrefixLength></Entry></AddressList></GlobalDetail>
    <GlobalDetail><Naming><InterfaceName>BVI2</InterfaceName></Naming><AddressList/></GlobalDetail>
    </GlobalDetailTable></VRF></VRFTable></InterfaceData></Node></NodeTable></IPV6Network>`;
  const response = `<Get><Operational>${four}${six}</Operational></Get>`;
  expect(await get("get_interfaces_ip", { "Get/Operational": response })).toEqual({
    BVI1: {
      ipv4: { "10.0.0.1": { prefix_length: 24 }, "10.0.1.1": { prefix_length: 25 } },
      ipv6: { "2001:db8::1": { prefix_length: 64 } },
    },
    BVI2: { ipv6: {} },
  });
});
