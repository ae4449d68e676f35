import { expect, test } from "vitest";
import { sshConfigFor } from "./ssh-config.ts";

const text = `
Host lab-*  !lab-3
  HostName %h.example.com
  Port 2222
  User lab
Host *
  User everybody
  ProxyJump jump@bastion:2022, inner
  Ciphers 3des-cbc
`;

test("the first value for a host wins, wildcards and exclusions count", () => {
  expect(sshConfigFor(text, "lab-1")).toEqual({
    hostName: "lab-1.example.com",
    port: 2222,
    user: "lab",
    proxyJump: ["jump@bastion:2022", "inner"],
  });
  expect(sshConfigFor(text, "lab-3")).toEqual({
    user: "everybody",
    proxyJump: ["jump@bastion:2022", "inner"],
  });
});

test("no configuration says nothing, and none means no jump", () => {
  expect(sshConfigFor("", "r1")).toEqual({});
  expect(sshConfigFor("ProxyJump none", "r1")).toEqual({});
});
