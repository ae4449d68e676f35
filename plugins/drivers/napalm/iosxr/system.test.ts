import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const time = "<SystemTime><Uptime><Hostname>edge1</Hostname><Uptime>86400</Uptime></Uptime></SystemTime>";
const bag = (name: string) =>
  `<${name}><SerialNumber>FOX1</SerialNumber><SoftwareRevision>7.3.3</SoftwareRevision><ModelName>ASR-9904</ModelName></${name}>`;
const interfaces = ["BVI2", "BVI10", "BVI2"].map(
  (name) => `<Interface><Naming><InterfaceName>${name}</InterfaceName></Naming></Interface>`,
);
const all = {
  "Get/Operational/Interfaces": `<Get><Interfaces><InterfaceTable>${interfaces.join("")}</InterfaceTable></Interfaces></Get>`,
};
const facts = {
  hostname: "edge1",
  fqdn: "edge1",
  vendor: "Cisco",
  model: "ASR-9904",
  serial_number: "FOX1",
  os_version: "7.3.3",
  uptime: 86_400,
  interface_list: ["BVI10", "BVI2"],
};

test("facts come from the chassis and the table of interfaces", async () => {
  const inventory = `<PlatformInventory><RackTable><Rack><Attributes>${bag("BasicInfo")}</Attributes></Rack></RackTable></PlatformInventory>`;
  const responses = {
    ...all,
    "Get/Operational": `<Get><Operational>${time}${inventory}</Operational></Get>`,
  };
  expect(await get("get_facts", responses)).toEqual(facts);
});

test("where the inventory is refused, that of newer releases is asked for", async () => {
  const inventory = `<Inventory><Entities><Entity><Attributes>${bag("InvBasicBag")}</Attributes></Entity></Entities></Inventory>`;
  const answer = (asked: string) =>
    asked.includes("PlatformInventory")
      ? '<ResultSummary ErrorCount="1"/><Get ErrorMsg="no such schema"/>'
      : `<Get><Operational>${time}${inventory}</Operational></Get>`;
  const responses = {
    ...all,
    "Get/Operational": (request: { children: readonly unknown[] }) => answer(JSON.stringify(request)),
  };
  expect(await get("get_facts", responses)).toEqual(facts);
});

test("rights of a community are told in short, unknown ones not at all", async () => {
  const community = (name: string, rest: string) =>
    `<DefaultCommunity><Naming><CommunityName>${name}</CommunityName></Naming>${rest}</DefaultCommunity>`;
  const response = `<Get><Configuration><SNMP><System><Location>rack 7</Location></System><DefaultCommunityTable>
    ${community("read", "<Priviledge>ReadOnly</Priviledge><AccessList>10</AccessList>")}${community("odd", "")}
    </DefaultCommunityTable></SNMP></Configuration></Get>`;
  expect(await get("get_snmp_information", { "Get/Configuration/SNMP": response })).toEqual({
    chassis_id: "",
    contact: "",
    location: "rack 7",
    community: { read: { mode: "ro", acl: "10" }, odd: { mode: "", acl: "" } },
  });
});

test("the first group of a user decides on the level", async () => {
  const user = (name: string, groups: readonly string[]) =>
    `<Username><Naming><Name>${name}</Name></Naming><UsergroupsUnderUsername>${groups
      .map((one) => `<UsergroupUnderUsername><Naming><Name>${one}</Name></Naming></UsergroupUnderUsername>`)
      .join("")}</UsergroupsUnderUsername><Password><Password>1405</Password></Password></Username>`;
  const response = `<Get>${user("root", ["root-lr", "operator"])}${user("guest", ["own-group"])}</Get>`;
  expect(await get("get_users", { "Get/Configuration/AAA": response })).toEqual({
    root: { level: 15, password: "1405", sshkeys: [] },
    guest: { level: 0, password: "1405", sshkeys: [] },
  });
});

const shown = (config: string) => `<CLI><Configuration>${config}</Configuration></CLI>`;
const config = "Building configuration...\n!! IOS XR Configuration 6.1\nusername a\n secret 5 $1$abc\nend";

test("a configuration comes without the lines that say when it was built", async () => {
  const responses = {
    "CLI/Configuration show running-config": shown(config),
    "CLI/Configuration show configuration merge": shown("hostname new"),
  };
  expect(await get("get_config", responses)).toEqual({
    startup: "",
    running: "\n\nusername a\n secret 5 $1$abc\nend",
    candidate: "hostname new",
  });
});

test("only what is retrieved is asked for; default values are, too, where full is set", async () => {
  const responses = { "CLI/Configuration show running-config all": shown(config) };
  const model = await get("get_config", responses, { retrieve: "running", full: true, sanitized: true });
  expect(model).toEqual({ startup: "", running: "\n\nusername a\n secret <removed>\nend", candidate: "" });
});
