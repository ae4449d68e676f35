import { NetPulseError } from "../errors/define.ts";
import { deviceErrors } from "../errors/device.ts";
import { loginErrors } from "../errors/login.ts";
import type { Credential, DialogueStep } from "../plugin/driver.ts";
import { menuChoice, type QuestionKind, questionKind, saysExpired } from "./login-questions.ts";
import { type CodeTurn, hasCodes } from "./one-time-password/code-ledger.ts";

/** How a login answers beyond user name and password. */
export interface LoginManner {
  /** What is sent as password: `{password}` and `{otp}` stand for the Secret's password and a one-time code. Absent: the password. */
  readonly passwordTemplate?: string;
  /** The way to confirm at a menu of Duo: `push`, `phone`, `sms`, or what is to be typed there. */
  readonly duo?: string;
  /** Answers to questions of any other kind; each is given once. A `secretKey` of `totp` or `otp` stands for a code. */
  readonly dialogue?: readonly DialogueStep[];
}

export interface LoginAnswersOptions {
  /** Name for messages. */
  readonly device: string;
  readonly credential: Credential;
  readonly manner?: LoginManner;
  /** Absent: codes cannot be given. */
  readonly codes?: CodeTurn;
  /** How the login is made, for messages: `keyboard-interactive`. */
  readonly method: string;
  /** Told of each secret that this login makes, so that logs can mask it. */
  readonly onSecret?: (secret: string) => void;
}

/**
 * What to say to a question: a text, with `used` to be called when it is said; or a secret that may have to be waited for, which counts as said when
 * `later` is called. `push`: a person with a phone has to confirm it.
 */
export type LoginAnswer =
  | { readonly text: string; readonly secret: boolean; readonly push?: boolean; readonly used: () => void }
  | { readonly later: () => Promise<string> }
  | { readonly fail: () => Error };

/**
 * What one login may say, each secret once: a second question for the same is a refusal, and a refused secret is never sent again,
 * neither by the same method nor by another.
 */
export class LoginAnswers {
  private readonly options: LoginAnswersOptions;
  private readonly dialogue: DialogueStep[];
  private readonly sent = new Set<"password" | "username" | "code" | "menu">();
  private readonly secrets = new Set<string>();

  constructor(options: LoginAnswersOptions) {
    this.options = options;
    this.dialogue = [...(options.manner?.dialogue ?? [])];
  }

  /** Whether the password was sent and not accepted since. */
  get passwordSent(): boolean {
    return this.sent.has("password");
  }

  /** Whether nothing at all was asked for. */
  get unasked(): boolean {
    return this.sent.size === 0;
  }

  /** Whether questions for codes or menus can be answered. */
  get hasMore(): boolean {
    const { credential, manner } = this.options;
    return hasCodes(credential) || manner?.duo !== undefined || this.dialogue.length > 0;
  }

  /** The server has taken what was sent, and another stage follows, which may ask for the same again. */
  stageAccepted(): void {
    this.sent.clear();
  }

  /**
   * The answer to a question, or undefined where the question is of no kind that this knows. `before` is what stood before it; `as` says
   * what kind it is where a platform knows better, and `other` that it can be neither user name nor password.
   */
  answer(question: string, before: string, as?: "password" | "username" | "other"): LoginAnswer | undefined {
    const fromDialogue = this.listed(question);
    if (fromDialogue) return fromDialogue;
    const kind = questionKind(question);
    if (kind === "newPassword" || (saysExpired(before) && (as === "password" || kind === "password")))
      return this.expired(question, before);
    if (this.templateHasCode && as !== "other" && /password/i.test(question) && !this.passwordSent)
      return this.password();
    if (kind !== undefined && kind !== "password" && kind !== "username")
      return this.byKind(kind, question, before);
    const plain = as ?? kind;
    if (plain === "password") return this.password();
    if (plain === "username") return this.username();
    return undefined;
  }

  /** The failure that an unanswered question is. */
  unanswered(question: string, before: string): LoginAnswer {
    if (saysExpired(`${before}\n${question}`)) return this.expired(question, before);
    const hint = "driver.args.login_dialogue can answer it (expect, and send or secretKey)";
    return {
      fail: () =>
        loginErrors.LoginQuestion({ device: this.options.device, question: this.mask(question), hint }),
    };
  }

  /** The password, with a code where the template has one. */
  password(): LoginAnswer {
    if (this.sent.has("password")) return this.refused();
    const used = () => void this.sent.add("password");
    const { credential, manner } = this.options;
    const template = manner?.passwordTemplate;
    const word = credential.password ?? "";
    if (template === undefined) return { text: word, secret: true, used };
    const fill = (code: string) =>
      template.replace(/\{(password|otp)\}/g, (_, key: string) => (key === "otp" ? code : word));
    if (!this.templateHasCode) return { text: this.remember(fill("")), secret: true, used };
    return {
      later: async () => {
        used();
        return this.remember(fill(await this.code()));
      },
    };
  }

  /** A text without the secrets that this login has sent. */
  mask(text: string): string {
    const { password, secret, passphrase, data } = this.options.credential;
    const known = [...this.secrets, password, secret, passphrase, data.otp?.trim(), data.totp?.trim()];
    let masked = text;
    for (const each of known.toSorted((a = "", b = "") => b.length - a.length)) {
      if (each) masked = masked.replaceAll(each, "********");
    }
    return masked;
  }

  /** An error whose message has none of the secrets. */
  masked(error: unknown): unknown {
    if (!(error instanceof NetPulseError)) return error;
    const message = this.mask(error.message);
    return message === error.message ? error : new NetPulseError(error.code, message, error.retry);
  }

  private get templateHasCode(): boolean {
    return this.options.manner?.passwordTemplate?.includes("{otp}") ?? false;
  }

  /** The answer that a dialogue lists for a text. */
  listed(question: string): LoginAnswer | undefined {
    const step = this.dialogue.find(({ expect }) => new RegExp(expect, "i").test(question));
    if (!step) return undefined;
    const used = () => void this.dialogue.splice(this.dialogue.indexOf(step), 1);
    const { secretKey } = step;
    if (secretKey === undefined) return { text: step.send ?? "", secret: false, used };
    if (secretKey === "totp" || secretKey === "otp") return this.codeOnce(used);
    const secret = this.options.credential.data[secretKey]?.replace(/\r?\n$/, "");
    if (secret !== undefined) return { text: this.remember(secret), secret: true, used };
    return this.fails(
      question,
      `the credential's Secret has no key ${secretKey}, which login_dialogue names`,
    );
  }

  private byKind(
    kind: Exclude<QuestionKind, "newPassword" | "password" | "username">,
    question: string,
    before: string,
  ): LoginAnswer {
    const { manner, credential } = this.options;
    if (kind === "menu" && manner?.duo !== undefined) {
      if (this.sent.has("menu")) return this.refused();
      const text = menuChoice(manner.duo, `${before}\n${question}`);
      return { text, secret: false, push: true, used: () => void this.sent.add("menu") };
    }
    if (!hasCodes(credential)) {
      const way = kind === "menu" ? ", or set driver.args.duo to push or phone" : "";
      return this.fails(
        question,
        `put \`totp\` (or a single code as \`otp\`) into the credential's Secret${way}`,
      );
    }
    if (this.sent.has("code") && kind !== "nextCode") return this.refused();
    return this.codeOnce(() => void this.sent.add("code"));
  }

  private codeOnce(used: () => void): LoginAnswer {
    return {
      later: () => {
        used();
        return this.code();
      },
    };
  }

  private username(): LoginAnswer {
    if (this.sent.has("username")) return this.refused();
    const text = this.options.credential.username ?? "";
    return { text, secret: false, used: () => void this.sent.add("username") };
  }

  private async code(): Promise<string> {
    const { codes, credential, device } = this.options;
    if (!hasCodes(credential) || !codes)
      throw loginErrors.OneTimeSecretInvalid({ device, why: "its Secret has neither totp nor otp" });
    return this.remember(await codes.code(credential));
  }

  private remember(secret: string): string {
    this.secrets.add(secret);
    this.options.onSecret?.(secret);
    return secret;
  }

  private refused(): LoginAnswer {
    const { device, credential, method } = this.options;
    return {
      fail: () =>
        deviceErrors.AuthFailed({
          device,
          username: credential.username ?? "",
          methods: method,
          withCode: hasCodes(credential),
        }),
    };
  }

  private expired(question: string, before: string): LoginAnswer {
    const { device, credential } = this.options;
    const said = this.mask(
      [...before.trim().split("\n").slice(-3), question].join(" ").replace(/\s+/g, " ").trim(),
    );
    return {
      fail: () =>
        loginErrors.PasswordExpired({ device, username: credential.username ?? "", question: said }),
    };
  }

  private fails(question: string, hint: string): LoginAnswer {
    const { device } = this.options;
    return { fail: () => loginErrors.LoginQuestion({ device, question: this.mask(question), hint }) };
  }
}
