import { acls, extendedAcls, standardAcls } from "./acl.ts";
import { bgp, bgpNeighbors } from "./bgp.ts";
import { interfaces } from "./interfaces.ts";
import { ipinterfaces } from "./ipinterfaces.ts";
import type { ApiModule } from "./method.ts";
import { mlag } from "./mlag.ts";
import { ntp } from "./ntp.ts";
import { ospf } from "./ospf.ts";
import { routemaps } from "./routemaps.ts";
import { staticroute } from "./staticroute.ts";
import { stp, stpInstances, stpInterfaces } from "./stp.ts";
import { switchports } from "./switchports.ts";
import { system } from "./system.ts";
import { users } from "./users.ts";
import { varp, varpInterfaces } from "./varp.ts";
import { vlans } from "./vlans.ts";
import { vrfs } from "./vrfs.ts";
import { vrrp } from "./vrrp.ts";

/** The API modules by the name under which a call addresses them: `vlans.create`, `bgp.neighbors.get`. */
export const apiModules: Readonly<Record<string, ApiModule>> = {
  acl: acls,
  "acl.standard": standardAcls,
  "acl.extended": extendedAcls,
  bgp,
  "bgp.neighbors": bgpNeighbors,
  interfaces,
  ipinterfaces,
  mlag,
  ntp,
  ospf,
  routemaps,
  routepolicy: routemaps,
  staticroute,
  stp,
  "stp.instances": stpInstances,
  "stp.interfaces": stpInterfaces,
  switchports,
  system,
  users,
  varp,
  "varp.interfaces": varpInterfaces,
  vlans,
  vrfs,
  vrrp,
};
