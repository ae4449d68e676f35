import { expect, test } from "vitest";
import { z } from "zod";
import { argumentTableOf } from "./argument-table.ts";

test("an argument that is not known is named, with the one that may have been meant", () => {
  const row = { part: "own", type: "boolean", use: "used", note: "run as root" } as const;
  const { schema } = argumentTableOf([{ ...row, name: "sudo" }], { boolean: z.boolean() });
  const message = (args: object) =>
    schema
      .safeParse(args)
      .error?.issues.map((issue) => issue.message)
      .join();
  expect(message({ sudo: true })).toBeUndefined();
  expect(message({ sudoo: true })).toBe("sudoo is no argument of this driver: did you mean sudo?");
  expect(message({ enable: true })).toBe("enable is no argument of this driver; its reference lists all");
});
