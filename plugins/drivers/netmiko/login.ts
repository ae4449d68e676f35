import type { Verdict } from "../../../src/device/expect.ts";
import { type Credential, deviceErrors } from "../../../src/plugin/index.ts";
import type { Ended, Judge } from "./judge.ts";
import type { Platform } from "./platform.ts";

/** Questions of a login inside the session (Telnet, and SSH servers that let everybody in). */
export interface LoginQuestions {
  readonly usernameAt?: RegExp;
  readonly passwordAt?: RegExp;
  /** A line that means that the login was refused. */
  readonly refused?: RegExp;
  /** Send one line end first. */
  readonly wake: boolean;
}

/** A device that has shown no known prompt is taken at its word after this silence. */
const STRANGER_MS = 700;
const TERMINATED = /[>#$%\]:]\s*$/;

/**
 * Answers a login inside the session: the user name and the password each once, at their questions and nowhere else. Asked a second
 * time, or told so, it fails with `AuthFailed` instead of trying again.
 */
export class LoginJudge {
  private readonly device: string;
  private readonly credential: Credential;
  private readonly questions: LoginQuestions;
  private readonly lineEnd: string;
  private readonly rest: Judge;
  private readonly mode: string | undefined;
  private passwordSent = false;
  private usernameSent = false;

  constructor(
    device: string,
    credential: Credential,
    questions: LoginQuestions,
    lineEnd: string,
    rest: Judge,
    mode: string | undefined,
  ) {
    this.device = device;
    this.credential = credential;
    this.questions = questions;
    this.lineEnd = lineEnd;
    this.rest = rest;
    this.mode = mode;
  }

  decide(tail: string): Verdict<Ended> {
    const { usernameAt, passwordAt, refused } = this.questions;
    if (passwordAt?.test(tail)) {
      if (this.passwordSent) return this.refusal();
      this.passwordSent = true;
      return { write: (this.credential.password ?? "") + this.lineEnd, secret: true };
    }
    if (usernameAt?.test(tail)) {
      if (this.usernameSent) return this.refusal();
      this.usernameSent = true;
      return { write: (this.credential.username ?? "") + this.lineEnd };
    }
    if (this.passwordSent && refused?.test(tail)) return this.refusal();
    return this.rest.decide(tail) ?? this.stranger(tail);
  }

  private refusal(): Verdict<Ended> {
    const username = this.credential.username ?? "";
    return {
      fail: () =>
        deviceErrors.AuthFailed({ device: this.device, username, methods: "login inside the session" }),
    };
  }

  /** A last line that no pattern knows: believed when the device has nothing to add. */
  private stranger(tail: string): Verdict<Ended> {
    if (this.mode === undefined || !TERMINATED.test(tail)) return undefined;
    return { finish: { mode: this.mode, stranger: true }, settleMs: STRANGER_MS };
  }
}

/** The login questions that a platform's file names. */
export function loginQuestions(platform: Platform): LoginQuestions {
  const { login } = platform;
  return {
    ...(login?.usernameAt !== undefined && { usernameAt: new RegExp(login.usernameAt, "i") }),
    ...(login?.passwordAt !== undefined && { passwordAt: new RegExp(login.passwordAt, "i") }),
    ...(login?.refused !== undefined && { refused: new RegExp(login.refused, "i") }),
    wake: login?.wake ?? false,
  };
}
