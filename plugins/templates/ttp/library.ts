/**
 * Where a ttp-templates folder has the template of a platform's command.
 *
 * @example libraryPath("Cisco IOS", "show ip arp | include 10")  // "platform/cisco_ios_show_ip_arp_pipe_include_10.txt"
 */
export function libraryPath(platform: string, command: string): string {
  const name = (text: string): string => text.replace(/[ -]/g, "_");
  const plain = command.toLowerCase().replaceAll("|", "pipe").replace(/["']/g, "");
  return `platform/${name(platform.toLowerCase())}_${name(plain)}.txt`;
}
