/** Arguments of a call that a method cannot take. The message says which and why. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}
