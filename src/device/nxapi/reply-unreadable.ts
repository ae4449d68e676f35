/** A reply that is not in the form that was asked for. */
export class ReplyUnreadable extends Error {
  override readonly name = "ReplyUnreadable";
}
