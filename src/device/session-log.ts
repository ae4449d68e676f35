/** What happened on a session, for people: what was sent and received, secrets masked. */
export interface SessionLog {
  sent(text: string, secret: boolean): void;
  received(text: string): void;
}
