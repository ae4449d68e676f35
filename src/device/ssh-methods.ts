import type { AnyAuthMethod, ParsedKey } from "ssh2";
import { LoginAnswers } from "./login-answers.ts";
import { privateKey } from "./private-keys.ts";
import type { SshTarget } from "./ssh.ts";
import { agentKeys } from "./ssh-agent.ts";
import { certifiedKey } from "./ssh-certificate.ts";

/** What an SSH login needs of the connection that it is made on. */
export interface SshLoginHooks {
  fail(error: Error): void;
  /** Stops the login's time limit while something here is waited for. */
  pause(): void;
  /** Starts it anew; `push`: a person with a phone is waited for. */
  resume(push: boolean): void;
}

interface Method {
  /** Name for messages. */
  readonly label: string;
  /** The method under which the server offers it. */
  readonly offeredAs: string;
  /** Whether it can bring anything as things stand. */
  readonly useful?: () => boolean;
  readonly make: () => Promise<Attempt> | Attempt;
}

type Attempt = { readonly [Key in keyof AnyAuthMethod]: AnyAuthMethod[Key] };
type Prompts = readonly { readonly prompt: string; readonly echo?: boolean | undefined }[];

/**
 * The ways to log in, each once, in the order in which a person would try them, and only those that the server still offers. A server
 * may want several in a row; what it has accepted counts, what it has refused is never sent again.
 */
export class SshMethods {
  /** What was tried, for messages. */
  readonly tried: string[] = [];
  private readonly target: SshTarget;
  private readonly username: string;
  private readonly hooks: SshLoginHooks;
  private readonly answers: LoginAnswers;
  private methods: Method[] | undefined;
  private left: readonly string[] | undefined;
  /** What the server has said in keyboard-interactive so far. */
  private said = "";

  constructor(target: SshTarget, hooks: SshLoginHooks) {
    this.target = target;
    this.hooks = hooks;
    this.username = `${target.credential.username ?? ""}${target.usernameSuffix ?? ""}`;
    const { device, credential, manner, codes } = target;
    this.answers = new LoginAnswers({
      device,
      credential,
      method: "keyboard-interactive",
      ...(manner && { manner }),
      ...(codes && { codes }),
    });
  }

  /** Notes the server's answer to the last attempt. */
  answered(left: readonly string[], partial: boolean): void {
    this.left = left;
    if (!partial) return;
    this.answers.stageAccepted();
    if (this.methods && !this.methods.some((method) => method.offeredAs === KEYBOARD))
      this.methods.push(this.keyboard());
  }

  /** The next attempt, or undefined when there is none left. `left`: what ssh2 knows of the methods that may go on. */
  async next(left?: readonly string[]): Promise<Attempt | undefined> {
    this.left ??= left;
    if (this.left === undefined) return { type: "none", username: this.username };
    this.methods ??= this.target.auth === "none" ? [] : await this.usual();
    const at = this.methods.findIndex(
      ({ offeredAs, useful }) => this.left?.includes(offeredAs) && (useful?.() ?? true),
    );
    const [method] = at < 0 ? [] : this.methods.splice(at, 1);
    if (!method) return undefined;
    this.tried.push(method.label);
    return method.make();
  }

  /** The server says something and asks nothing: it may wait for a push. */
  told(text: string): void {
    this.said += `\n${text}`;
    this.hooks.resume(true);
  }

  /** The error that a request to change the password is. */
  changeRequested(prompt: string): Error {
    const asked = this.answers.answer("New password:", prompt.trim());
    return asked && "fail" in asked ? asked.fail() : new Error(prompt);
  }

  /** A text without what this login has sent. */
  mask(text: string): string {
    return this.answers.mask(text);
  }

  private async usual(): Promise<Method[]> {
    const keys = [...this.ownKeys(), ...(await this.agentKeys())];
    const words = [this.password(), this.keyboard()];
    // Only keyboard-interactive can ask for a code or offer a choice.
    return [...keys, ...(this.answers.hasMore ? words.toReversed() : words)];
  }

  private ownKeys(): Method[] {
    const { privateKey: text, passphrase, data } = this.target.credential;
    if (text === undefined) return [];
    const key = privateKey(text, passphrase);
    if (key instanceof Error) {
      this.tried.push(`private key, which cannot be read: ${key.message}`);
      return [];
    }
    const certificate = data["ssh-certificate"];
    const certified = certificate === undefined ? undefined : certifiedKey(key, certificate);
    if (certified instanceof Error)
      this.tried.push(`ssh-certificate, which cannot be used: ${certified.message}`);
    const shown =
      certified === undefined || certified instanceof Error ? [] : [["certificate", certified] as const];
    return [...shown, ["publickey", key] as const].map(([label, each]) => this.publicKey(label, each));
  }

  private publicKey(label: string, key: ParsedKey): Method {
    const { username } = this;
    return { label, offeredAs: "publickey", make: () => ({ type: "publickey", username, key }) as Attempt };
  }

  private async agentKeys(): Promise<Method[]> {
    const { agent: path } = this.target;
    if (path === undefined) return [];
    const keys = await agentKeys(path);
    if (keys instanceof Error) {
      this.tried.push(`agent, which cannot be asked: ${keys.message}`);
      return [];
    }
    const { username } = this;
    return keys.map(({ label, agent }) => ({
      label,
      offeredAs: "publickey",
      make: () => ({ type: "agent", username, agent }) as Attempt,
    }));
  }

  private password(): Method {
    const { credential, manner } = this.target;
    const { username } = this;
    return {
      label: "password",
      offeredAs: "password",
      useful: () =>
        (credential.password !== undefined || manner?.passwordTemplate !== undefined) &&
        !this.answers.passwordSent,
      make: async () => {
        const word = this.answers.password();
        if ("fail" in word) throw word.fail();
        if ("used" in word) word.used();
        const password = "later" in word ? await this.waited(word.later) : word.text;
        return { type: "password", username, password } as Attempt;
      },
    };
  }

  private keyboard(): Method {
    const { credential, keyboardAnswers = {} } = this.target;
    const { username } = this;
    const knows = () => credential.password !== undefined && !this.answers.passwordSent;
    return {
      label: KEYBOARD,
      offeredAs: KEYBOARD,
      useful: () => knows() || this.answers.hasMore || Object.keys(keyboardAnswers).length > 0,
      make: () =>
        ({
          type: KEYBOARD,
          username,
          prompt: (
            name: string,
            instructions: string,
            _language: string,
            prompts: Prompts,
            finish: (answers: string[]) => void,
          ) => {
            this.said += `\n${name}\n${instructions}`;
            this.round(prompts).then(finish, (error: Error) => this.hooks.fail(error));
          },
        }) as Attempt,
    };
  }

  /** Answers the questions of one round. */
  private async round(prompts: Prompts): Promise<string[]> {
    const answers: string[] = [];
    let push = false;
    for (const { prompt } of prompts) {
      const lines = prompt.trimEnd().split(/\r?\n/);
      const question = lines.pop() ?? "";
      const before = [this.said.trim(), ...lines].join("\n");
      answers.push(await this.say(question, before, () => (push = true)));
      this.said = before;
    }
    this.hooks.resume(push);
    return answers;
  }

  private async say(question: string, before: string, pushed: () => void): Promise<string> {
    // Nothing but an acknowledgement is asked for.
    if (question.trim() === "") return "";
    for (const [pattern, text] of Object.entries(this.target.keyboardAnswers ?? {})) {
      if (new RegExp(pattern, "i").test(question)) return text;
    }
    const answer = this.answers.answer(question, before) ?? this.answers.unanswered(question, before);
    if ("fail" in answer) throw answer.fail();
    if ("later" in answer) return this.waited(answer.later);
    answer.used();
    if (answer.push) pushed();
    return answer.text;
  }

  private async waited(later: () => Promise<string>): Promise<string> {
    this.hooks.pause();
    const text = await later();
    this.hooks.resume(false);
    return text;
  }
}

const KEYBOARD = "keyboard-interactive";
