import { expect, test } from "vitest";
import { get } from "./test-device.ts";

const configuration = (inner: string) => `<configuration>${inner}</configuration>`;

test("users have the level of their class, root the highest, and all their keys", async () => {
  const user =
    "<user><name>oper</name><class>operator</class><authentication><encrypted-password>$6$a</encrypted-password><ssh-rsa><name>ssh-rsa AAA one</name></ssh-rsa><ssh-rsa><name>ssh-rsa BBB two</name></ssh-rsa><ssh-ed25519><name>ssh-ed25519 CCC three</name></ssh-ed25519></authentication></user>" +
    "<user><name>own</name><class>noc</class></user>";
  expect(
    await get("get_users", {
      "configuration system/login/user": configuration(`<system><login>${user}</login></system>`),
      "configuration system": configuration(
        "<system><root-authentication><encrypted-password>$6$r</encrypted-password></root-authentication></system>",
      ),
    }),
  ).toEqual({
    oper: {
      level: 5,
      password: "$6$a",
      sshkeys: ["ssh-rsa AAA one", "ssh-rsa BBB two", "ssh-ed25519 CCC three"],
    },
    own: { level: 0, password: "", sshkeys: [] },
    root: { level: 20, password: "$6$r", sshkeys: [] },
  });
});

test("SNMP: what is set, and communities that may only read unless told otherwise", async () => {
  const snmp = (inner: string) => get("get_snmp_information", { "configuration snmp": configuration(inner) });
  const communities =
    "<community><name>plain</name></community><community><name>both</name><authorization>read-write</authorization></community>";
  expect(await snmp(`<snmp><location>here</location>${communities}</snmp>`)).toEqual({
    chassis_id: "",
    contact: "",
    location: "here",
    community: { plain: { acl: "", mode: "ro" }, both: { acl: "", mode: "rw" } },
  });
  expect(await snmp("")).toEqual({ chassis_id: "", contact: "", location: "", community: {} });
});

const text = `<configuration-text>
system {
    root-authentication {
        encrypted-password "$6$secret"; ## SECRET-DATA
    }
}
snmp {
    community hidden {
        authorization read-only;
    }
}
</configuration-text>`;

test("the configurations that are asked for, without secrets where that is asked", async () => {
  const replies = { "configuration  candidate": text, "configuration  committed": text };
  expect(await get("get_config", replies, { retrieve: "running" })).toMatchObject({
    running: expect.stringContaining("community hidden"),
    candidate: "",
    startup: "",
  });
  const clean = (await get("get_config", replies, { sanitized: true })) as Record<string, string>;
  expect(clean.candidate).toContain("encrypted-password <removed>; ## SECRET-DATA");
  expect(clean.running).toContain("community <removed> {");
  expect(await get("get_config", {}, { retrieve: "startup" })).toEqual({
    running: "",
    candidate: "",
    startup: "",
  });
});

test("the configuration as XML is the elements as text", async () => {
  const reply = configuration("<system><host-name>r1</host-name></system>");
  expect(
    await get("get_config", { "configuration  committed": reply }, { retrieve: "running", format: "xml" }),
  ).toMatchObject({ running: reply });
});
