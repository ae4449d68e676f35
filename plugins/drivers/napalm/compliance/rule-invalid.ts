/** A compliance rule that cannot be compared with anything, or not with what the device has. */
export class RuleInvalid extends Error {
  override readonly name = "RuleInvalid";
}
