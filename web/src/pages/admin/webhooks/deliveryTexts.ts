import { msg } from "@lingui/core/macro";

/** What became of a delivery, in words. */
export const DELIVERY_TEXTS = {
  behind: msg`waits for an earlier one`,
  waiting: msg`waits`,
  sending: msg`is being sent`,
  delivered: msg`delivered`,
  failed: msg`given up`,
};
