import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Me, Permission } from "@/api/session";
import type { IconName } from "@/parts/Icon";

export interface Place {
  path: "/work" | "/floor" | "/campaigns" | "/calls" | "/due" | "/reports" | "/admin";
  title: MessageDescriptor;
  icon: IconName;
  /** What the page needs, any of it; it is not shown without. */
  needs: readonly Permission[];
}

/** Whoever may set up any of this has a page for it. */
const SETTING_UP: readonly Permission[] = [
  "queues.write",
  "routes.write",
  "operators.write",
  "users.manage",
  "contacts.remove",
  "contacts.import",
  "articles.write",
  "products.write",
  "promotions.write",
  "scripts.write",
  "surveys.write",
  "departments.write",
  "complaints.set_up",
  "dispositions.write",
  "consents.manage",
  "custom_fields.write",
  "tariffs.write",
  "sounds.write",
  "crm.manage",
  "webhooks.manage",
  "configuration.manage",
  "privacy.set",
  "audit.read",
];

/** The pages, in the order in which they are shown. */
export const PLACES: readonly Place[] = [
  { path: "/work", title: msg`My work`, icon: "headset", needs: ["floor.read"] },
  { path: "/floor", title: msg`Floor`, icon: "wall", needs: ["floor.watch"] },
  { path: "/campaigns", title: msg`Campaigns`, icon: "promotion", needs: ["campaigns.read"] },
  { path: "/calls", title: msg`Calls`, icon: "phone", needs: ["calls.read_all"] },
  { path: "/due", title: msg`Due`, icon: "clock", needs: ["callbacks.write_all"] },
  { path: "/reports", title: msg`Reports`, icon: "report", needs: ["reports.read"] },
  { path: "/admin", title: msg`Administration`, icon: "settings", needs: SETTING_UP },
];

export function placesOf(me: Me): Place[] {
  return PLACES.filter(
    (place) =>
      place.needs.some((one) => me.permissions.includes(one)) && (place.path !== "/work" || me.operator !== null),
  );
}

/** Where somebody begins: operators with their work, others with what they may see. */
export function homeOf(me: Me): Place["path"] {
  return placesOf(me)[0]?.path ?? "/work";
}
