/** Made-up output of `show interfaces` on Cisco IOS: about 1.2 kB for each interface. */
export function interfaceOutput(interfaces: number): string {
  return Array.from({ length: interfaces }, (_, index) => oneInterface(index)).join("");
}

function oneInterface(index: number): string {
  const octets = `${(index >> 8) & 255}.${index & 255}`;
  const mac = `0011.22${(index >> 8).toString(16).padStart(2, "0")}.${(index & 255).toString(16).padStart(4, "0")}`;
  return `GigabitEthernet${1 + Math.floor(index / 48)}/0/${index % 48} is up, line protocol is up (connected)
  Hardware is Gigabit Ethernet, address is ${mac} (bia ${mac})
  Description: customer ${index}
  Internet address is 10.${octets}.1/24
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation ARPA, loopback not set
  Keepalive set (10 sec)
  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX
  Last input 00:00:00, output 00:00:01, output hang never
  Last clearing of "show interface" counters never
  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: ${index}
  Queueing strategy: fifo
  Output queue: 0/40 (size/max)
  5 minute input rate ${index * 1000} bits/sec, ${index} packets/sec
  5 minute output rate ${index * 900} bits/sec, ${index} packets/sec
     ${index * 7} packets input, ${index * 900} bytes, 0 no buffer
     Received ${index} broadcasts (0 multicasts)
     0 runts, 0 giants, 0 throttles
     ${index % 5} input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     ${index * 5} packets output, ${index * 800} bytes, 0 underruns
     0 output errors, 0 collisions, 2 interface resets
`;
}
