import { defineErrors } from "./define.ts";

/** Failures of template engines that ended the thread they ran in, or whose result cannot be used. */
export const templateErrors = defineErrors({
  TemplateMemoryExceeded: {
    retry: "never",
    when: "A template engine needed more memory than a thread may have and was ended.",
    remedy:
      "Parse less output at once, simplify the template, or raise templates.maxMemoryMiB in config.yaml.",
    message: (e: { template: string; limitMiB: number }) =>
      `${e.template} was ended because it needed more than ${e.limitMiB} MiB of memory.`,
  },
  TemplateOutputTooLarge: {
    retry: "never",
    when: "The result of a template is longer than allowed.",
    remedy: "Make the template produce less, or raise templates.maxOutputBytes in config.yaml.",
    message: (e: { template: string; bytes: number; limit: number }) =>
      `${e.template} made ${e.bytes} bytes; ${e.limit} are allowed.`,
  },
  TemplateThreadEnded: {
    retry: "never",
    when: "A template engine ended its thread, or failed in code that nothing was waiting for.",
    remedy: "This is a fault of the plugin: report it to its author with the message.",
    message: (e: { template: string; why: string }) => `${e.template}: the engine's thread ended: ${e.why}.`,
  },
  TemplateAborted: {
    retry: "never",
    when: "The job was cancelled or ran out of time while a template was being worked on.",
    remedy: "Nothing; the job's condition says which.",
    message: (e: { template: string; why: string }) => `${e.template} was stopped: ${e.why}.`,
  },
});
