import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { components } from "@/api/contract";

export type Consent = components["schemas"]["ConsentOut"];
export type ConsentList = components["schemas"]["ConsentListOut"];
export type Word = Consent["word"];
export type Purpose = NonNullable<Consent["purpose"]>;

export const WORDS: Record<Word, MessageDescriptor> = {
  do_not_call: msg`do not call`,
  consent: msg`consent`,
};

export const PURPOSES: Record<Purpose, MessageDescriptor> = {
  marketing: msg`marketing`,
  survey: msg`a survey`,
  service: msg`a service of a customer`,
  reminder: msg`a reminder`,
};
