import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** The lists of a file, in words. */
export const LIST_TEXTS: Record<string, MessageDescriptor> = {
  roles: msg`Roles`,
  users: msg`Users`,
  queues: msg`Queues`,
  operators: msg`Operators`,
  routes: msg`Numbers`,
  tariffs: msg`Tariffs`,
  tags: msg`Tags`,
  contact_fields: msg`Fields of contacts`,
  departments: msg`Departments`,
  complaint_categories: msg`Categories of complaints`,
  dispositions: msg`Dispositions`,
  vat_rates: msg`VAT rates`,
  products: msg`Products`,
  price_lists: msg`Price lists`,
};
