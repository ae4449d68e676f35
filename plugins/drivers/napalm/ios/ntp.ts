import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type Asking, columns, type IosGetter, output } from "./request.ts";

export const getNtpPeers: IosGetter = function* () {
  const stats = yield* associations();
  return Object.fromEntries(stats.map(({ remote }) => [ipAddress(remote), {}]));
};

/** Configured servers, by address or name. */
export const getNtpServers: IosGetter = function* () {
  const lines = (yield* output("show run | include ntp server")).split("\n");
  return Object.fromEntries(
    lines.flatMap((line) => {
      const server = /^\s*ntp server (?:vrf \S+ )?(?:ip |ipv6 )?(\S+)/.exec(line)?.[1];
      return server === undefined ? [] : [[server, {}]];
    }),
  );
};

export const getNtpStats: IosGetter = function* () {
  return yield* associations();
};

function* associations(): Asking<ReturnType<typeof associationOf>[]> {
  const text = yield* output("show ntp associations");
  if (text.includes("%NTP is not enabled")) return [];
  return text
    .split("\n")
    .filter((line) => ASSOCIATION.test(line))
    .map(associationOf);
}

/** ` *~192.0.2.1  .GPS.  1 54 64 377 1.186 0.122 18.659`: marks, the server, its source and seven numbers. */
const ASSOCIATION = /^\W*[\da-f][\da-f.:]*(?:\s+\S+){8}\s*$/i;

function associationOf(line: string) {
  const [, marks = "", rest = ""] = /^([^\da-f]*)(.*)$/i.exec(line) ?? [];
  const [remote = "", referenceid, stratum, when, poll, reach, delay, offset, dispersion] = columns(rest);
  const numbers = [stratum, poll, reach, delay, offset, dispersion].map(Number);
  if (numbers.some(Number.isNaN)) throw new InvalidValue("an NTP association", line);
  const [level, hostpoll, reachability, late, ahead, jitter] = numbers;
  return {
    remote,
    referenceid,
    synchronized: marks.includes("*"),
    stratum: level,
    type: "-",
    when,
    hostpoll,
    reachability,
    delay: late,
    offset: ahead,
    jitter,
  };
}
