/**
 * Commands that only read on NX-OS: what follows may hold neither separators nor redirections, and a pipe only to filters that print.
 * `show … > bootflash:x` writes a file; `run bash`, `python` and `tclsh` run programs.
 */
const READS =
  /^(?:show|dir|pwd|where|ping6?|traceroute6?)(?![\w-])[^|;&<>`$\n\r]*(?:\|\s*(?:include|exclude|begin|section|grep|egrep|json|json-pretty|xml|no-more|count|head|last)(?![\w-])[^|;&<>`$\n\r]*)*$/i;

/** Whether a command line certainly only reads. */
export function nxosOnlyReads(line: string): boolean {
  return READS.test(line.trim());
}
