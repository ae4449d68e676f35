import type { Platform } from "../../../../plugins/drivers/netmiko/platform.ts";
import { PlatformLibrary } from "../../../../plugins/drivers/netmiko/platforms.ts";

const library = new PlatformLibrary();

/** Our platform of a device type. */
export function platformOf(deviceType: string): Platform {
  const resolved = library.resolve(deviceType);
  if (!resolved) throw new Error(`There is no platform file for ${deviceType}.`);
  return resolved.platform;
}
