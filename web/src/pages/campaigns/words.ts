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
