import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** Why a customer is not dialled now. */
export const SKIPS: Record<string, MessageDescriptor> = {
  called_lately: msg`spoken to recently`,
  bad_moment: msg`bad moment`,
  wrong_person: msg`wrong person`,
  other: msg`other`,
};
