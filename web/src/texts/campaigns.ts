import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { components } from "@/api/contract";

type Pacing = components["schemas"]["PacingView"];
type Campaign = components["schemas"]["CampaignView"];

/** What keeps a campaign from placing more calls. */
export const BOUND_TEXTS: Record<Pacing["bound"], MessageDescriptor> = {
  mode: msg`This mode opens no more lines.`,
  no_leads: msg`There is nobody to call now.`,
  nobody_ready: msg`No operator is ready: nothing is dialled.`,
  lines: msg`There are no more free lines.`,
  risk: msg`Whoever answers next might find no operator.`,
  record: msg`Nobody may go without an operator now: a free operator is kept for each dial.`,
  learning: msg`How long calls take is not known yet: a free operator is kept for each dial.`,
  inbound: msg`Callers wait: the next free operators are theirs.`,
  callers: msg`Free operators are left for expected callers.`,
  room: msg`More calls at once might exceed the allowed share without an operator.`,
};

export const MODE_TEXTS: Record<Campaign["mode"], MessageDescriptor> = {
  preview: msg`preview`,
  progressive: msg`one line for each free operator`,
  ratio: msg`fixed lines for each free operator`,
  predictive: msg`predictive`,
};

export const LACK_TEXTS: Record<Campaign["lacks"][number], MessageDescriptor> = {
  rule_set: msg`rule set`,
  hours: msg`calling hours`,
  legal_basis: msg`legal basis`,
  legal_basis_note: msg`note on the legitimate interest`,
};

/** The rules that stop leads. */
export const RULE_TEXTS: Record<string, MessageDescriptor> = {
  campaign_state: msg`campaign does not run`,
  campaign_dates: msg`outside the campaign's dates`,
  number_invalid: msg`invalid number`,
  number_kind: msg`kind of number not allowed`,
  number_prefix: msg`number's beginning not allowed`,
  do_not_call: msg`do not call`,
  consent_missing: msg`no consent`,
  attempts_of_lead: msg`attempts used up`,
  attempts_of_number: msg`number's attempts used up`,
  time_zone_unknown: msg`time zone unknown`,
  contact_in_call: msg`customer in a call`,
  rest_after_abandoned: msg`rests: no operator in time`,
  rest_after_machine: msg`rests: answering machine`,
  gap: msg`too soon after the last attempt`,
  day_of_lead: msg`attempts of the day used up`,
  day_of_number: msg`number's attempts of the day used up`,
  day_of_contact: msg`customer's attempts of the day used up`,
  spend: msg`the day's money is spent`,
  calling_hours: msg`outside calling hours`,
  attempts_exhausted: msg`attempts used up`,
  numbers_exhausted: msg`numbers used up`,
  day_exhausted: msg`attempts of the day used up`,
};
