import type { AnySubject } from "../shape/subject";
import { articles } from "./articles";
import { campaigns } from "./campaigns";
import { categories } from "./categories";
import { crm } from "./crm";
import { customFields } from "./customFields";
import { departments } from "./departments";
import { dispositions } from "./dispositions";
import { numbers } from "./numbers";
import { operators } from "./operators";
import { priceLists } from "./priceLists";
import { products } from "./products";
import { promotions } from "./promotions";
import { queues } from "./queues";
import { retention } from "./retention";
import { roles } from "./roles";
import { tariffs } from "./tariffs";
import { scripts } from "./scripts";
import { surveys } from "./surveys";
import { synonyms } from "./synonyms";
import { tags } from "./tags";
import { tokens } from "./tokens";
import { users } from "./users";
import { vatRates } from "./vatRates";
import { webhooks } from "./webhooks";

const ALL: AnySubject[] = [
  queues,
  numbers,
  operators,
  users,
  roles,
  tariffs,
  departments,
  categories,
  campaigns,
  dispositions,
  customFields,
  products,
  vatRates,
  priceLists,
  promotions,
  articles,
  synonyms,
  scripts,
  surveys,
  tags,
  crm,
  webhooks,
  tokens,
  retention,
];

/** All that is set up by a list and a form, by its name in addresses. */
export const SUBJECTS: ReadonlyMap<string, AnySubject> = new Map(ALL.map((one) => [one.name, one]));
