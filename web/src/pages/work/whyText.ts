import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { components } from "@/api/contract";

type Why = components["schemas"]["WhyOut"];

const TEXTS: Record<components["schemas"]["Reason"], MessageDescriptor> = {
  title: msg`in the title`,
  tags: msg`in the tags`,
  text: msg`in the text`,
  synonym: msg`same meaning`,
  spelling: msg`spelled alike`,
  beginning: msg`begins so`,
  asked: msg`asked so before`,
  queue: msg`for this queue`,
  campaign: msg`for this campaign`,
  product: msg`about a product of the customer`,
  topic: msg`about a complaint of the customer`,
  contact: msg`fits the customer`,
  earlier: msg`used for the customer before`,
  helped: msg`has helped often`,
};

/** Why an article is there, in words. */
export function whyText({ reason, what }: Why, translate: (text: MessageDescriptor) => string): string {
  const text = translate(TEXTS[reason]);
  return what ? `${text}: ${what}` : text;
}
