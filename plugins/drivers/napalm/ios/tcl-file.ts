/** The name of the open file within the device's Tcl shell. */
const HANDLE = "npfile";
/** Characters of a text in one command: IOS takes lines of 254. */
const LONGEST_TEXT = 200;

/**
 * Commands of the device's Tcl shell that write a file. All but letters, digits and a few signs are written as octal escapes of their
 * bytes: IOS would take a question mark for a call for help, and Tcl has its own ideas of brackets and dollars.
 *
 * @example
 * tclFileCommands("flash:/a.txt", "hostname r1\n");
 * // ['set npfile [open "flash:/a.txt" w]', …, 'puts -nonewline $npfile "hostname r1\\012"', "close $npfile"]
 */
export function tclFileCommands(path: string, content: string): string[] {
  return [
    `set ${HANDLE} [open "${path}" w]`,
    `fconfigure $${HANDLE} -translation binary`,
    ...pieces(content).map((piece) => `puts -nonewline $${HANDLE} "${piece}"`),
    `close $${HANDLE}`,
  ];
}

/** What the shell prints where a command did what it should: nothing, or the name of the open file. */
export function isTclSuccess(command: string, output: string): boolean {
  const text = output.trim();
  return text === "" || (command.startsWith("set ") && /^file\d+$/.test(text));
}

function pieces(content: string): string[] {
  const found: string[] = [];
  let piece = "";
  for (const byte of Buffer.from(content, "utf8")) {
    const letter = String.fromCharCode(byte);
    const written = /[\w .:/,=-]/.test(letter) ? letter : `\\${byte.toString(8).padStart(3, "0")}`;
    if (piece.length + written.length > LONGEST_TEXT) {
      found.push(piece);
      piece = "";
    }
    piece += written;
  }
  return piece === "" ? found : [...found, piece];
}
