import { expect, test } from "vitest";
import { parseXml } from "../xml/parse.ts";
import { xmlRequest, xmlResults } from "./xml-form.ts";

const reply = (outputs: string) => `<?xml version="1.0"?><ins_api><outputs>${outputs}</outputs></ins_api>`;

test("all commands go in one request, and what XML needs is escaped", () => {
  const request = parseXml(xmlRequest(["show clock", "show logging | include <x>"], "text"));
  expect(request.value("type")).toBe("cli_show_ascii");
  expect(request.value("input")).toBe("show clock ;show logging | include <x>");
});

test("a command that would be taken for two is not sent", () => {
  expect(() => xmlRequest(["show clock ;reload"], "json")).toThrow("two commands");
});

test("each command has its output; one that failed is named with the device's answer", () => {
  const good =
    "<output><body><hostname>n9k1</hostname></body><input>show hostname</input><code>200</code></output>";
  expect(xmlResults(reply(good), ["show hostname"])[0]?.value("body/hostname")).toBe("n9k1");
  const bad = "<output><clierror>Syntax error</clierror><input>bogus</input><code>400</code></output>";
  expect(() => xmlResults(reply(good + bad), ["show hostname", "bogus"])).toThrow(
    expect.objectContaining({ command: "bogus", index: 1, code: 400, answer: "Syntax error" }),
  );
});

test.each([["<<<"], [reply("")]])("a reply without the outputs is unreadable: %s", (text) => {
  expect(() => xmlResults(text, ["show hostname"])).toThrow(
    expect.objectContaining({ name: "ReplyUnreadable" }),
  );
});
