/** NX-API's answer that a command failed. */
export class NxapiCommandError extends Error {
  override readonly name = "NxapiCommandError";
  readonly command: string;
  /** Its place in the request, from 0. */
  readonly index: number;
  /** The code of JSON-RPC, or of the XML form: 400 for a command that is not there. */
  readonly code: number;
  /** What the device said about it. */
  readonly answer: string;

  constructor(failed: {
    readonly command: string;
    readonly index: number;
    readonly code: number;
    readonly answer: string;
  }) {
    super(`The command ${JSON.stringify(failed.command)} was answered with ${JSON.stringify(failed.answer)}`);
    this.command = failed.command;
    this.index = failed.index;
    this.code = failed.code;
    this.answer = failed.answer;
  }
}
