import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** In what two contacts agree, in words. */
export const AGREEMENT_TEXTS: Record<string, MessageDescriptor> = {
  registry_code: msg`registry code`,
  phone: msg`number`,
  email: msg`e-mail`,
  name: msg`name`,
  similar_phone: msg`similar number`,
};

/** How two names agree, in words. */
export const NAME_TEXTS: Record<string, MessageDescriptor> = {
  same: msg`the same`,
  alphabet: msg`the same in another alphabet`,
  order: msg`the same words in another order`,
  typing: msg`alike but for a slip`,
};
