/** Made-up running configuration of Cisco IOS interfaces: about 180 characters for each. */
export function interfaceConfiguration(interfaces: number): string {
  return Array.from({ length: interfaces }, (_, index) => oneInterface(index)).join("");
}

/** A TTP template for it. */
export const INTERFACE_TEMPLATE = `<group name="interfaces*">
interface {{ interface }}
 description {{ description | ORPHRASE }}
 encapsulation dot1q {{ dot1q }}
 vrf forwarding {{ vrf }}
 ip address {{ ip }} {{ mask }}
</group>
`;

function oneInterface(index: number): string {
  return `interface GigabitEthernet${1 + Math.floor(index / 4000)}/0.${index % 4000}
 description customer ${index} behind the access switch
 encapsulation dot1q ${1 + (index % 4000)}
 vrf forwarding CUSTOMER-${index}
 ip address 10.${(index >> 8) & 255}.${index & 255}.1 255.255.255.0
 no ip redirects
!
`;
}
