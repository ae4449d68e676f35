import { acls, extendedAcls, standardAcls } from "../../../../plugins/drivers/pyeapi/api/acl.ts";
import { bgp, bgpNeighbors } from "../../../../plugins/drivers/pyeapi/api/bgp.ts";
import {
  ethernetInterfaces,
  interfaces,
  plainInterfaces,
  portChannelInterfaces,
  vxlanInterfaces,
} from "../../../../plugins/drivers/pyeapi/api/interfaces.ts";
import type { ApiModule } from "../../../../plugins/drivers/pyeapi/api/method.ts";
import { apiModules } from "../../../../plugins/drivers/pyeapi/api/modules.ts";

const CLASSES: Readonly<Record<string, ApiModule | undefined>> = {
  Acls: acls,
  StandardAcls: standardAcls,
  ExtendedAcls: extendedAcls,
  Bgp: bgp,
  BgpNeighbors: bgpNeighbors,
  BaseInterface: plainInterfaces,
  EthernetInterface: ethernetInterfaces,
  Interfaces: interfaces,
  PortchannelInterface: portChannelInterfaces,
  VxlanInterface: vxlanInterfaces,
  StpInterfaces: apiModules["stp.interfaces"],
  StpInstances: apiModules["stp.instances"],
  VarpInterfaces: apiModules["varp.interfaces"],
};

/** Our module for a class of pyeapi's API modules. */
export function moduleOf(module: string, className: string): ApiModule | undefined {
  return CLASSES[className] ?? apiModules[module];
}
