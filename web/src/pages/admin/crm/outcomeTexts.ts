import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { components } from "@/api/contract";

/** What came of a request to the CRM. */
export const OUTCOME_TEXTS: Record<components["schemas"]["TriedOut"]["steps"][number]["outcome"], MessageDescriptor> = {
  found: msg`found`,
  nothing: msg`nobody by that number`,
  skipped: msg`not needed`,
  status: msg`refused by the CRM`,
  unreadable: msg`the answer cannot be read`,
  no_answer: msg`no answer`,
  unfit: msg`the request cannot be made`,
};

/** Why a request failed, by the service's word. */
export const WHY_TEXTS: Partial<Record<string, MessageDescriptor>> = {
  forbidden: msg`a private address; the settings say which of them may be asked`,
  plain: msg`an address outside without TLS`,
  unreachable: msg`nothing answers there`,
  late: msg`it took too long`,
  too_large: msg`the answer is too large`,
  url: msg`the address is none`,
};

export const REPORT_TEXTS: Record<components["schemas"]["ReportOut"]["state"], MessageDescriptor> = {
  waiting: msg`waits`,
  sent: msg`sent`,
  skipped: msg`not for the CRM, by its template`,
  failed: msg`given up`,
};
