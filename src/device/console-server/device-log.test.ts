import fc from "fast-check";
import { expect, test } from "vitest";
import { beforeLog } from "./device-log.ts";

const IOS = "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by admin on console";
const NXOS = "2026 Jan  1 00:00:00 r1 %$ VDC-1 %$ %ETHPORT-5-IF_UP: Interface Ethernet1/1 is up";
const LINUX = "[   12.345678] eth0: link up";

test.each([IOS, NXOS, LINUX])(
  "a prompt is still the last word when the log speaks after it: %s",
  (message) => {
    expect(beforeLog(`r1#\n${message}\n`)).toBe("r1#");
    expect(beforeLog(`output\nr1#\n\n${message}\n${IOS}\n\n`)).toBe("output\nr1#");
  },
);

test("lines of a log are output as long as no prompt stands before them", () => {
  expect(beforeLog(`${IOS}\n`)).toBe("");
  expect(beforeLog("r1#\nInterface is up\n")).toBe("r1#\nInterface is up\n");
  expect(beforeLog(`r1#\n${IOS}\nr1#`)).toBe(`r1#\n${IOS}\nr1#`);
});

test("what is cut off is log messages and blank lines, whatever stands before", () => {
  const line = fc.oneof(fc.constantFrom(IOS, NXOS, LINUX, "", "r1#"), fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = lines.join("\n");
      const kept = beforeLog(text);
      expect(text.startsWith(kept)).toBe(true);
      expect(beforeLog(kept)).toBe(kept);
    }),
  );
});
