import { expect, test } from "vitest";
import { getConfig } from "./config.ts";
import { get } from "./test-replies.ts";

const REPLIES = {
  "show running-config":
    "Building configuration...\n\nCurrent configuration : 1532 bytes\n!\n! Last configuration change at 18:41:02 UTC\n!\nhostname r1\nsnmp-server community s3cret RO\nend\n",
  "show startup-config": "Using 1500 out of 2000 bytes\n!\nhostname r0\nend\n",
  "show running-config all": "hostname r1\nno shutdown\nend\n",
};

test("configurations come without what only this output says, so that they may be loaded again", async () => {
  const config = await get(getConfig, REPLIES, { retrieve: "running" });
  expect(config).toEqual({
    running: "!\n\n!\nhostname r1\nsnmp-server community s3cret RO\nend",
    startup: "",
    candidate: "",
  });
});

test("full asks for defaults, sanitized takes secrets out, and there is never a candidate", async () => {
  expect(await get(getConfig, REPLIES, { full: true })).toMatchObject({
    running: "hostname r1\nno shutdown\nend",
    startup: expect.stringContaining("hostname r0"),
  });
  expect(await get(getConfig, REPLIES, { sanitized: true })).toMatchObject({
    running: expect.stringContaining("snmp-server community <removed>"),
  });
  expect(await get(getConfig, {}, { retrieve: "candidate" })).toEqual({
    running: "",
    startup: "",
    candidate: "",
  });
});

test("a configuration that quotes a refusal is none", async () => {
  const banner = `banner motd ^\n${"welcome ".repeat(70)}\n% Invalid input is logged\n^\nend\n`;
  expect(await get(getConfig, { "show running-config": banner }, { retrieve: "running" })).toMatchObject({
    running: banner.trim(),
  });
});
