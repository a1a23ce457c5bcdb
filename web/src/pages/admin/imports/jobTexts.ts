import { msg } from "@lingui/core/macro";

/** How far an import is, in words. */
export const JOB_TEXTS = {
  reading: msg`is being read`,
  uploaded: msg`not brought in yet`,
  checked: msg`tried`,
  queued: msg`waits for its turn`,
  running: msg`under way`,
  done: msg`done`,
  cancelled: msg`stopped`,
  failed: msg`failed`,
  cut_off: msg`cut off`,
  undoing: msg`is being undone`,
  undone: msg`undone`,
};
