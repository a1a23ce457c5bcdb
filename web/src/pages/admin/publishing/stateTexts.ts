import { msg } from "@lingui/core/macro";

export type Published = "draft" | "published" | "withdrawn";

/** Whether operators have it, in words. */
export const STATE_TEXTS = {
  draft: msg`draft`,
  published: msg`published`,
  withdrawn: msg`withdrawn`,
};
