import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What may name another thing: in words, and the page that shows it. */
export const USER_TEXTS: Record<string, { text: MessageDescriptor; subject?: string }> = {
  route: { text: msg`number`, subject: "numbers" },
  queue: { text: msg`queue`, subject: "queues" },
  operator: { text: msg`operator`, subject: "operators" },
  user: { text: msg`user`, subject: "users" },
  campaign: { text: msg`campaign` },
  department: { text: msg`department`, subject: "departments" },
  complaint_category: { text: msg`category of complaints`, subject: "categories" },
  article: { text: msg`article`, subject: "articles" },
  promotion: { text: msg`promotion`, subject: "promotions" },
  price_list: { text: msg`price list`, subject: "price-lists" },
  script: { text: msg`script`, subject: "scripts" },
  survey: { text: msg`survey`, subject: "surveys" },
};
