import { expect, test } from "vitest";
import { menuChoice, questionKind, saysExpired } from "./login-questions.ts";

test.each([
  ["Password: ", "password"],
  ["admin@r1's password: ", "password"],
  ["Enter PIN: ", "password"],
  ["Username: ", "username"],
  ["r1 login: ", "username"],
  ["Verification code: ", "code"],
  ["One-time password (OATH) for `admin': ", "code"],
  ["Enter PASSCODE: ", "code"],
  ["Please enter your token code: ", "code"],
  ["OTP Code: ", "code"],
  ["Enter Your Microsoft verification code", "code"],
  ["Two-factor authentication code: ", "code"],
  ["Enter the 6-digit number of your app: ", "code"],
  ["Wait for the token to change, then enter the new tokencode: ", "nextCode"],
  ["Enter the next PASSCODE: ", "nextCode"],
  ["Passcode or option (1-3): ", "menu"],
  ["New password: ", "newPassword"],
  ["Enter new UNIX password: ", "newPassword"],
  ["Retype new password: ", "newPassword"],
  ["(current) UNIX password: ", "newPassword"],
  ["Confirm password: ", "newPassword"],
  ["Do you accept (yes/no)? ", undefined],
  ["What is your favourite colour? ", undefined],
  ["Press any key to continue", undefined],
  ["Select a group: ", undefined],
])("%j asks for: %s", (question, kind) => {
  expect(questionKind(question)).toBe(kind);
});

test.each([
  ["Your password has expired.", true],
  ["WARNING: Your password has expired.\nYou must change your password now and login again!", true],
  ["You are required to change your password immediately (administrator enforced).", true],
  ["Password expired", true],
  ["The password needs to be changed", true],
  ["Your password must be changed", true],
  ["Your password will expire in 5 days.", false],
  ["Last password change: never", false],
  ["Use of this system is logged. Do not share your password.", false],
])("%j says that the password is no longer good: %s", (text, expired) => {
  expect(saysExpired(text)).toBe(expired);
});

test("a menu is answered with the number of the way, where it has numbers", () => {
  const menu =
    " 1. Phone call to XXX-1234\n 2) Duo Push to XXX-1234\n 3. SMS passcodes\nPasscode or option (1-3): ";
  expect(["push", "Phone", "sms", "2", "123456"].map((wish) => menuChoice(wish, menu))).toEqual([
    "2",
    "1",
    "3",
    "2",
    "123456",
  ]);
  expect(menuChoice("push", "Passcode or option: ")).toBe("push");
});
