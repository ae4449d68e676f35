/**
 * Commands that only read on EOS: what follows may hold neither separators nor redirections, and a pipe only to filters that print.
 * `bash`, `tee`, `redirect` and `append` run programs or write files.
 */
export const readOnlyCommands: readonly RegExp[] = [
  /(?:show|dir|more|ping|traceroute|who)\b[^|;&<>`$\n\r]*(?:\|\s*(?:include|exclude|begin|section|grep|json|no-more|count|nz)\b[^|;&<>`$\n\r]*)*/i,
];

/** Whether a command line only reads. */
export function onlyReads(line: string): boolean {
  return readOnlyCommands.some((pattern) =>
    new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(line.trim()),
  );
}
