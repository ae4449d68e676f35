import { ipVersion, isIpAddress } from "../values/ip-address.ts";
import { getInterfacesIp } from "./interfaces.ts";
import { type EosGetter, text } from "./request.ts";

export const getNtpServers: EosGetter = function* (context) {
  const config = yield* text("show running-config | section ntp");
  const servers = config.split("\n").flatMap(serverOf);
  const bound = servers.some(({ from }) => from !== undefined);
  const addresses = bound ? yield* getInterfacesIp(context) : {};
  return Object.fromEntries(
    servers.map(({ from, ...server }) => {
      const { ipv4 = {}, ipv6 = {} } = from === undefined ? {} : (addresses[from] ?? {});
      const isSix = isIpAddress(server.address) && ipVersion(server.address) === 6;
      const [source = ""] = [...(isSix ? Object.keys(ipv6) : []), ...Object.keys(ipv4), ...Object.keys(ipv6)];
      return [server.address, { ...server, source_address: source }];
    }),
  );
};

function serverOf(line: string) {
  const match = /^ntp server (?:vrf (?<vrf>\S+) )?(?<address>\S+)(?<options>.*)$/.exec(line.trim())?.groups;
  if (!match) return [];
  const options = (match.options ?? "").split(/\s+/);
  const after = (word: string) => (options.includes(word) ? options[options.indexOf(word) + 1] : undefined);
  return [
    {
      address: match.address ?? "",
      port: 123,
      version: Number(after("version") ?? 4),
      association_type: "SERVER",
      iburst: options.includes("iburst"),
      prefer: options.includes("prefer"),
      network_instance: match.vrf ?? "default",
      key_id: Number(after("key") ?? -1),
      from: after("local-interface"),
    },
  ];
}

export const getNtpStats: EosGetter = function* () {
  const output = yield* text("show ntp associations");
  return output.split("\n").slice(2).flatMap(associationOf);
};

function associationOf(line: string) {
  const match = ASSOCIATION.exec(line)?.groups;
  if (!match) return [];
  return [
    {
      remote: match.remote,
      synchronized: match.mark === "*",
      referenceid: match.reference,
      stratum: Number(match.stratum),
      type: match.type,
      when: match.when,
      hostpoll: Number(match.poll),
      reachability: Number(match.reach),
      delay: Number(match.delay),
      offset: Number(match.offset),
      jitter: Number(match.jitter),
    },
  ];
}

const ASSOCIATION =
  /^\s?(?<mark>[+*x-])?(?<remote>[\w.+:-]+)\s+(?<reference>[\w.]+)\s+(?<stratum>\d{1,2})\s+(?<type>[-u])\s+(?<when>[\dhdm-]+)\s+(?<poll>\d+)\s+(?<reach>\d+)\s+(?<delay>[\d.]+)\s+(?<offset>[\d.-]+)\s+(?<jitter>[\d.]+)\s*$/;
