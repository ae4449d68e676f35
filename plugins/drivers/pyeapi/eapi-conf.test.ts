import { expect, test } from "vitest";
import { parseEapiConf } from "./eapi-conf.ts";

test("defaults hold for all connections, and a connection without a host has its name as host", () => {
  const { connections } = parseEapiConf("[DEFAULT]\nusername: ops\n[connection:leaf1]\nport = 8443\n");
  expect(connections.get("leaf1")).toEqual({ username: "ops", port: "8443", host: "leaf1" });
  expect(connections.get("localhost")).toMatchObject({ transport: "socket" });
});

test("a password keeps its = and :, and lines after a comment count", () => {
  const { connections } = parseEapiConf("[connection:a]\n; note\npassword = p:w=d\n# note\nhost: h\n");
  expect(connections.get("a")).toEqual({ password: "p:w=d", host: "h" });
});

test("tags name their connections in the order of the file", () => {
  const { tags } = parseEapiConf("[connection:a]\ntags: spine, lab\n[connection:b]\ntags: lab\n");
  expect(Object.fromEntries(tags)).toEqual({ spine: ["a"], lab: ["a", "b"] });
});
