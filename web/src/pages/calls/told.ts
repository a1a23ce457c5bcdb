import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What happened in a call, in words; what is not known here is shown by its name. */
export const EVENT_TEXTS: Record<string, MessageDescriptor> = {
  CallArrived: msg`The call came in`,
  CallQueued: msg`Waits in the queue`,
  CallerKnown: msg`The caller is known`,
  OfferMade: msg`Offered`,
  OfferRang: msg`The phone rings`,
  OfferEnded: msg`The offer ended`,
  CallAnswered: msg`Answered`,
  CallHeld: msg`On hold`,
  CallResumed: msg`Talk goes on`,
  CallTransferred: msg`Transferred`,
  CallParked: msg`Parked`,
  CallLeaving: msg`Let go`,
  CallEnded: msg`The call ended`,
  OutgoingBegan: msg`An operator dials outside`,
  OutgoingRefused: msg`Not dialled`,
  OutgoingAllowed: msg`Dialled`,
  OutgoingAnswered: msg`Answered`,
  OutgoingEnded: msg`The call ended`,
  InternalEnded: msg`The call ended`,
};

/** Why a caller waits, is let go, or a call ended. */
export const CAUSE_TEXTS: Record<string, MessageDescriptor> = {
  arrived: msg`new`,
  campaign: msg`a campaign called`,
  transferred: msg`transferred`,
  max_wait: msg`longest wait is over`,
  paused: msg`the queue is paused`,
  moved: msg`moved by a supervisor`,
  adopted: msg`taken over after a restart`,
  phone_lost: msg`the operator's phone was lost`,
  supervisor: msg`ended by a supervisor`,
  timed_out: msg`not answered`,
  rejected: msg`declined`,
  cancelled: msg`taken back`,
  failed: msg`failed`,
  caller: msg`by the caller`,
  operator: msg`by the operator`,
  outside: msg`by the party outside`,
  service: msg`by the service`,
  pbx: msg`by the PBX`,
  picked: msg`picked by the operator`,
};

export const DIRECTION_TEXTS = {
  inbound: msg`came in`,
  outbound: msg`a campaign called`,
  operator: msg`an operator called`,
  internal: msg`between colleagues`,
} satisfies Record<string, MessageDescriptor>;

/** Why an operator was asked, about them by name; null: the rule is not known here. */
export function ruleText(rule: string, operator: string): MessageDescriptor | null {
  switch (rule) {
    case "preferred":
      return msg`${operator} served this caller last`;
    case "kept":
      return msg`${operator} was kept for this customer`;
    case "longest_idle":
      return msg`${operator} was idle longest`;
    case "longest_waiting":
      return msg`this call had waited longest`;
    default:
      return null;
  }
}
