import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { OperatorState } from "@/live/states";

/** What an operator does, in words. */
export const STATE_TEXTS: Record<OperatorState, MessageDescriptor> = {
  offline: msg`Offline`,
  idle: msg`Idle`,
  no_phone: msg`Phone not connected`,
  reserved: msg`Call coming`,
  ringing: msg`Ringing`,
  talking: msg`Talking`,
  on_hold: msg`Caller on hold`,
  wrap_up: msg`Wrap-up`,
  previewing: msg`Looking at a lead`,
  calling_out: msg`Calling outside`,
  on_break: msg`On break`,
};

/** The reasons of breaks that operators choose from, in this order. */
export const BREAKS = ["lunch", "rest", "meeting", "training", "other"] as const;

const BREAK_TEXTS: Record<string, MessageDescriptor> = {
  lunch: msg`lunch`,
  rest: msg`rest`,
  meeting: msg`meeting`,
  training: msg`training`,
  other: msg`other`,
  missed_calls: msg`missed calls`,
  phone_failed: msg`phone not working`,
};

type Translate = (text: MessageDescriptor) => string;

/** A break's reason in words; one that somebody made up stays as it is. */
export function breakText(reason: string, _: Translate): string {
  const known = BREAK_TEXTS[reason];
  return known ? _(known) : reason;
}

export const REASON_TEXTS = {
  preferred: msg`your last customer`,
  kept: msg`you were kept for this customer`,
  longest_idle: msg`you were idle longest`,
  longest_waiting: msg`waited longest`,
} satisfies Record<string, MessageDescriptor>;

export const MISSED_TEXTS = {
  timed_out: msg`not answered`,
  rejected: msg`declined`,
  cancelled: msg`the caller hung up`,
} satisfies Record<string, MessageDescriptor>;

/** How a call ended, in words. */
export const OUTCOME_TEXTS: Record<string, MessageDescriptor> = {
  answered: msg`answered`,
  abandoned: msg`abandoned`,
  max_wait: msg`waited too long`,
  dropped: msg`no operator in time`,
  failed: msg`failed`,
  lost: msg`line went silent`,
  turned_away: msg`too many callers waited`,
  handed_over: msg`handed over`,
  refused: msg`not allowed`,
};

/** How an attempt or an offer came out, beside what calls have. */
export const ATTEMPT_TEXTS: Record<string, MessageDescriptor> = {
  hung_up: msg`hung up at once`,
  machine: msg`machine`,
  busy: msg`busy`,
  no_answer: msg`no answer`,
  wrong_number: msg`wrong number`,
  withdrawn: msg`taken back`,
  unknown: msg`not known`,
  accepted: msg`taken`,
  rejected: msg`declined`,
  timed_out: msg`not answered`,
};

/** Why a number that an operator's phone dialled is not called. */
export const REFUSAL_TEXTS: Record<string, MessageDescriptor> = {
  phone_unknown: msg`this phone belongs to no operator`,
  emergency: msg`emergency numbers cannot be called from here`,
  number_invalid: msg`there is no such number`,
  number_kind: msg`numbers of this kind may not be called`,
  number_country: msg`this country may not be called`,
  hours: msg`it is outside the calling hours`,
  calls_of_operator: msg`you have too many calls at once`,
  calls_of_centre: msg`all lines to the outside are in use`,
  money_of_operator: msg`your money for calls today is spent`,
  money_of_centre: msg`the centre's money for calls today is spent`,
  service_away: msg`the service did not answer`,
};

export const ORDER_TEXTS = {
  draft: msg`draft`,
  placed: msg`placed`,
  confirmed: msg`confirmed`,
  delivered: msg`delivered`,
  cancelled: msg`cancelled`,
  returned: msg`returned`,
} satisfies Record<string, MessageDescriptor>;

export const COMPLAINT_TEXTS = {
  open: msg`open`,
  in_work: msg`in work`,
  waiting: msg`waits for the customer`,
  solved: msg`solved`,
  rejected: msg`rejected`,
  reopened: msg`open again`,
} satisfies Record<string, MessageDescriptor>;

export const SEVERITY_TEXTS = {
  low: msg`low`,
  normal: msg`normal`,
  high: msg`high`,
  critical: msg`critical`,
} satisfies Record<string, MessageDescriptor>;
