import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What a column of a file may mean; a custom field stands under its code. */
export const COLUMN_TEXTS: Record<string, MessageDescriptor> = {
  ignore: msg`left out`,
  name: msg`whole name`,
  surname: msg`surname`,
  given_name: msg`given name`,
  patronymic: msg`patronymic`,
  kind: msg`person or company`,
  company_name: msg`company`,
  registry_code: msg`registry code`,
  employer: msg`works for`,
  job_title: msg`job title`,
  phone: msg`number`,
  phone_label: msg`what the number is`,
  email: msg`e-mail`,
  email_label: msg`what the e-mail is`,
  language: msg`language`,
  tags: msg`tags`,
  note: msg`note`,
  external_id: msg`id in another system`,
  contact_id: msg`id of the contact`,
  owner: msg`looked after by`,
};
