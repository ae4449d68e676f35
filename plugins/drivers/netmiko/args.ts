import { z } from "zod";

const seconds = z.number().positive().max(86_400);

/** `driver.args` of this driver, under Netmiko's names. */
export const argsSchema = z.strictObject({
  device_type: z.string().default("autodetect"),
  conn_timeout: seconds.default(10),
  auth_timeout: seconds.default(15),
  banner_timeout: seconds.default(15),
  read_timeout: seconds.default(30),
  prompt_pattern: z.string().optional(),
  ssh_algorithms: z.enum(["modern", "compatible", "legacy"]).default("compatible"),
});

export type Args = z.output<typeof argsSchema>;
