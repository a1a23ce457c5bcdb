import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** The conditions of readiness, in words. */
export const CONDITION_TEXTS: Record<string, MessageDescriptor> = {
  database_writes: msg`The database takes what is written`,
  records_kept: msg`Records of calls are safe`,
  ami_logged_in: msg`The service is logged in to the PBX`,
  ami_pong_recent: msg`The PBX answers`,
  reconciled: msg`The service knows what the PBX knows`,
  descriptors: msg`The service may open enough files and connections`,
};
