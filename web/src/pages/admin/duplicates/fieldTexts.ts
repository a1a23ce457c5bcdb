import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** The fields of a contact, in words; a custom field stands under its code. */
export const FIELD_TEXTS: Record<string, MessageDescriptor> = {
  kind: msg`Kind`,
  surname: msg`Surname`,
  given_name: msg`Given name`,
  patronymic: msg`Patronymic`,
  company_name: msg`Company`,
  note: msg`Note`,
  external_id: msg`Id in another system`,
  language: msg`Language`,
  registry_code: msg`Registry code`,
  employer: msg`Works for`,
  job_title: msg`Job title`,
  owner: msg`Looked after by`,
  preferred_phone: msg`Number to call first`,
  preferred_email: msg`E-mail to write to first`,
};
