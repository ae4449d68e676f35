import { defineErrors } from "./define.ts";

/** Failures of TTP templates. What TTP's own functions raise (KeyError, ValueError ...) keeps Python's class. */
export const ttpErrors = defineErrors({
  TtpTemplateInvalid: {
    retry: "never",
    when: "A TTP template, or one of its attributes, cannot be read.",
    remedy: "Correct the template as the message says.",
    message: (e: { what: string }) => `The TTP template is invalid: ${e.what}.`,
  },
  TtpFileRefused: {
    retry: "never",
    when: "A TTP template names a file or folder outside the folders it may read.",
    remedy: "Put the file into the configured folder of templates, or pass its text as input.",
    message: (e: { path: string; option: string }) =>
      `'${e.path}' may not be read; only files below the folder of option ${e.option} may.`,
  },
  TtpSideEffectRefused: {
    retry: "never",
    when: "A TTP template wants to write a file, print or send something, which is off by default.",
    remedy: "Switch on the option that the message names, where the template is trusted.",
    message: (e: { what: string; option: string }) =>
      `${e.what} is switched off; set option ${e.option} to allow it.`,
  },
  TtpMacrosOff: {
    retry: "never",
    when: "A TTP template calls a Python macro while macros are switched off.",
    remedy: "Set option macros.enabled, or use a template without macros.",
    message: (e: { macro: string }) =>
      `The template calls macro '${e.macro}', but Python macros are switched off (option macros.enabled).`,
  },
  TtpMacroFailed: {
    retry: "never",
    when: "A Python macro of a TTP template raised an error, or could not be loaded.",
    remedy: "Correct the macro; the message has Python's own error.",
    message: (e: { macro: string; why: string }) => `Macro '${e.macro}' failed: ${e.why}`,
  },
  TtpBudgetExceeded: {
    retry: "never",
    when: "A TTP template made more matches, results or text than it may.",
    remedy:
      "Make the template's lines more specific, split the input, or raise the option that the message names.",
    message: (e: { what: string; limit: number; option: string }) =>
      `The template used more than ${e.limit} ${e.what} (option ${e.option}).`,
  },
});
