import { z } from "zod";
import { json, type NxosGetter, number, rows, word } from "./request.ts";

export const getFacts: NxosGetter = function* () {
  const serial = chassisSerial(yield* rows("show inventory", "inv", inventory));
  const version = yield* json("show version", versionReply);
  const listed = yield* rows("show interface", "interface", interfaces);
  const { hostname } = yield* json("show hostname", hostnameReply);
  const { kern_uptm_days, kern_uptm_hrs, kern_uptm_mins, kern_uptm_secs } = version;
  return {
    vendor: "Cisco",
    model: version.chassis_id,
    serial_number: serial,
    os_version: version.sys_ver_str ?? version.kickstart_ver_str,
    hostname: version.host_name,
    fqdn: hostname || version.host_name,
    uptime: ((kern_uptm_days * 24 + kern_uptm_hrs) * 60 + kern_uptm_mins) * 60 + kern_uptm_secs,
    interface_list: listed.map((one) => one.interface),
  };
};

const interfaces = z.array(z.object({ interface: word }));
const hostnameReply = z.object({ hostname: word.default("") });
const versionReply = z.object({
  chassis_id: z.string().default(""),
  host_name: z.string().default(""),
  sys_ver_str: z.string().optional(),
  kickstart_ver_str: z.string().default(""),
  kern_uptm_days: number.default(0),
  kern_uptm_hrs: number.default(0),
  kern_uptm_mins: number.default(0),
  kern_uptm_secs: number.default(0),
});

/** The rows of `show inventory`. */
export const inventory = z.array(z.object({ name: z.string(), serialnum: z.string().default("") }));

/** The serial number of the chassis, which some releases name in quotes; empty where the device tells none. */
export function chassisSerial(parts: z.infer<typeof inventory>): string {
  return parts.find(({ name }) => /^"?Chassis"?$/.test(name))?.serialnum ?? "";
}
