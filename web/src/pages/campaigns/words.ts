import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Campaign, Import } from "./queries";

export const CAMPAIGN_STATES: Record<Campaign["state"], MessageDescriptor> = {
  draft: msg`draft`,
  running: msg`running`,
  paused: msg`paused`,
  drained: msg`callbacks only`,
  finished: msg`finished`,
};

export const LEAD_STATES = {
  ready: msg`ready`,
  waiting: msg`waiting`,
  reserved: msg`reserved`,
  dialling: msg`being dialled`,
  done: msg`done`,
} satisfies Record<string, MessageDescriptor>;

/** Why a lead that was given was not taken. */
export const NOT_ADDED: Record<string, MessageDescriptor> = {
  external_id: msg`the campaign has it already`,
  contact: msg`the campaign has this contact already`,
  number: msg`the campaign has this number already`,
  do_not_call: msg`this number must not be called`,
};

/** What was done to a campaign, beside its states. */
export const CHANGES: Record<string, MessageDescriptor> = {
  made: msg`made`,
  changed: msg`settings changed`,
  leads_given: msg`leads given`,
  lead_removed: msg`a lead taken out`,
  import_started: msg`a file brought in`,
};

/** Why a campaign went into a state by itself. */
export const REASONS: Record<string, MessageDescriptor> = {
  end_date: msg`its last day is over`,
  no_leads_left: msg`no leads are left`,
  leads_added: msg`new leads came`,
  all_called: msg`all were called`,
};

export const IMPORT_STATES: Record<Import["state"], MessageDescriptor> = {
  reading: msg`being looked at`,
  uploaded: msg`brought, not started`,
  checked: msg`tried, nothing added yet`,
  queued: msg`waits for its turn`,
  running: msg`running`,
  done: msg`done`,
  cancelled: msg`stopped`,
  failed: msg`failed`,
  cut_off: msg`cut off: start it again`,
  undoing: msg`being undone`,
  undone: msg`undone`,
};
