// sudo's own failures end with this, as the failures of many programs do.
const SUDO_FAILED = 1;

/**
 * Why sudo did not start a program that announces itself: what it said, when the program has not begun. Undefined: it was no refusal.
 */
export function refusalBefore(begun: boolean, said: string, status: number | undefined): string | undefined {
  return begun || status !== SUDO_FAILED ? undefined : words(said);
}

const REFUSAL = /^sudo: |is not in the sudoers file|is not allowed to (?:execute|run)|may not run sudo/m;

/** Why sudo did not start a program that does not announce itself, told by sudo's own words. Undefined: the program itself failed. */
export function refusalIn(said: string, status: number | undefined): string | undefined {
  return status === SUDO_FAILED && REFUSAL.test(said) ? words(said) : undefined;
}

function words(said: string): string {
  return said.trim().replace(/^sudo: /, "") || "it did not say why";
}
