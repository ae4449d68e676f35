import { expect, test } from "vitest";
import { z } from "zod";
import { bindArguments } from "./bind-arguments.ts";

const signature = z.strictObject({ destination: z.string(), count: z.int().default(5) });

test.each([
  [{ destinaton: "192.0.2.1" }, "destination is required"],
  [{ destinaton: "192.0.2.1" }, "no parameter destinaton (it has destination, count)"],
  [{ destination: "192.0.2.1", count: "many" }, "count: expected number, received string"],
  [["192.0.2.1", 3, 4], "takes at most 2 arguments (destination, count)"],
])("arguments %j do not fit, and the message says why: %s", (args, why) => {
  expect(() => bindArguments({ method: "ping", args }, signature)).toThrow(why);
});

test("arguments by place and by name are the same; None is not given", () => {
  const bound = { destination: "192.0.2.1", count: 5 };
  expect(bindArguments({ method: "ping", args: ["192.0.2.1"] }, signature)).toEqual(bound);
  expect(
    bindArguments({ method: "ping", args: { destination: "192.0.2.1", count: null } }, signature),
  ).toEqual(bound);
});
