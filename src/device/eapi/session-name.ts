/** A name for a configuration session that no other has; `random` draws numbers from 0 to 1. */
export function newSessionName(random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 24)
      .toString(16)
      .padStart(6, "0");
  return `netpulse-${part()}${part()}`;
}
