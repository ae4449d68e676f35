import { describe, expect, test } from "vitest";
import { commandLine, isNetPulseImage } from "./command-line.ts";
import { readPodSpec } from "./pod.ts";

const commandOf = (container: object) =>
  readPodSpec({ metadata: {}, spec: { containers: [{ name: "c", ...container }] } }).containers.map(
    commandLine,
  )[0];

test.each(["netpulse", "netpulse:0.1.0", "netpulse@sha256:00", "registry.example:5000/team/netpulse:1.2"])(
  "%s is NetPulse's image",
  (image) => {
    expect(isNetPulseImage(image)).toBe(true);
  },
);

test.each(["netpulse-other:1", "my-netpulse", "netpulse/other", ""])("%j is not", (image) => {
  expect(isNetPulseImage(image)).toBe(false);
});

describe("command line", () => {
  test("NetPulse's image is this checkout's command under this Node, whose own paths are no paths of the container", () => {
    expect(commandOf({ image: "netpulse:1", args: ["worker"] })).toEqual({
      entryPoint: [process.execPath, expect.stringMatching(/\/src\/cli\/main\.ts$/)],
      given: ["worker"],
    });
  });

  test("a command of the container's own comes before what the image has", () => {
    const container = { image: "netpulse:1", command: ["/tmp/tool"], args: ["-v"] };

    expect(commandOf(container)).toEqual({ entryPoint: [], given: ["/tmp/tool", "-v"] });
  });

  test("an unknown image without a command is refused with its name", () => {
    expect(() => commandOf({ image: "busybox" })).toThrow("image busybox cannot be run as a process");
  });
});
