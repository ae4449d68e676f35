import { resolve, sep } from "node:path";
import {
  BaseAgent,
  createAgent,
  type KnownPublicKeys,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";

/** A key that an agent holds. */
export interface AgentKey {
  /** Its type and place, for messages. */
  readonly label: string;
  /** An agent that has only this key: ssh2 tries all keys of an agent in one go, whatever the server says in between. */
  readonly agent: BaseAgent;
}

/** The keys of the agent behind a socket, or the reason why they cannot be listed. */
export function agentKeys(socketPath: string): Promise<readonly AgentKey[] | Error> {
  const agent: BaseAgent = createAgent(socketPath);
  return new Promise((done) => {
    agent.getIdentities((error, keys) => {
      if (error) done(error);
      else
        done(
          (keys ?? []).map((key, at) => ({
            label: `agent key ${at + 1}`,
            agent: new OneKeyAgent(agent, key),
          })),
        );
    });
  });
}

type Identity = KnownPublicKeys[number];
type PublicKey = string | Buffer | ParsedKey;

class OneKeyAgent extends BaseAgent {
  private readonly whole: BaseAgent;
  private readonly key: Identity;

  constructor(whole: BaseAgent, key: Identity) {
    super();
    this.whole = whole;
    this.key = key;
  }

  override getIdentities(done: (error: Error | undefined, keys?: KnownPublicKeys) => void): void {
    done(undefined, [this.key] as KnownPublicKeys);
  }

  override sign(key: PublicKey, data: Buffer, options: SigningRequestOptions, done?: SignCallback): void;
  override sign(key: PublicKey, data: Buffer, done: SignCallback): void;
  override sign(
    key: PublicKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === "function") this.whole.sign(key, data, options);
    else this.whole.sign(key, data, options, done);
  }
}

/** Whether a socket lies in one of the folders. `..` is resolved; links are the business of who mounts the folder. */
export function isInside(path: string, folders: readonly string[]): boolean {
  const whole = resolve(path);
  return folders.some((folder) => whole.startsWith(resolve(folder).replace(/[/\\]$/, "") + sep));
}
