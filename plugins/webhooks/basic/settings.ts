import { z } from "netpulse/plugin";

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
const secretKey = z.string().min(1).max(253);

/** A text, or the key of the webhook's Secret that holds it. */
const textOrSecret = (text: z.ZodString) => z.union([text, z.strictObject({ secretKey })]);
export type TextOrSecret = string | { readonly secretKey: string };

// These are the plugin's own business, or would let a literal credential into a NetJob.
const RESERVED =
  /^(host|content-length|transfer-encoding|connection|cookie|authorization|proxy-authorization|x-netpulse-.*)$/i;

const headers = z.record(
  z
    .string()
    .max(128)
    .regex(TOKEN, "is not a header name")
    .refine((name) => !RESERVED.test(name), "is set by the webhook itself: use auth or cookies"),
  textOrSecret(
    z
      .string()
      .max(4096)
      .regex(/^[\t\x20-\x7e]*$/, "may only hold printable ASCII"),
  ),
);

const cookies = z.record(
  z.string().max(128).regex(TOKEN, "is not a cookie name"),
  textOrSecret(
    z
      .string()
      .max(4096)
      .regex(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/, "has a character that cookies may not have"),
  ),
);

const auth = z.union([
  z.strictObject({
    basic: z.strictObject({
      usernameKey: secretKey.default("username"),
      passwordKey: secretKey.default("password"),
    }),
  }),
  z.strictObject({ bearer: z.strictObject({ tokenKey: secretKey.default("token") }) }),
]);

const url = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .max(2048)
  .refine((text) => !hasUserInfo(text), "must not hold a user or password: use auth");

/** What the declaration of a `basic` webhook may say. Secrets are named by their key, never written here. */
export const settingsSchema = z
  .strictObject({
    url: url.optional().describe("Where to send; http or https."),
    urlKey: secretKey
      .optional()
      .describe("Key of the Secret that holds the URL, where the URL itself is a secret."),
    method: z.enum(["GET", "POST", "PUT", "DELETE", "PATCH"]).default("POST"),
    headers: headers.default({}),
    cookies: cookies.default({}),
    auth: auth.optional(),
    timeoutSeconds: z
      .number()
      .min(0.1)
      .max(120)
      .default(5)
      .describe("Time for one attempt, from connecting to the answer."),
  })
  .refine((settings) => (settings.url === undefined) !== (settings.urlKey === undefined), {
    path: ["url"],
    message: "give either url or urlKey",
  });

export type Settings = z.output<typeof settingsSchema>;

function hasUserInfo(text: string): boolean {
  const { username, password } = URL.parse(text) ?? { username: "", password: "" };
  return username !== "" || password !== "";
}
