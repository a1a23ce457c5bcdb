import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Me, Permission } from "@/api/session";
import type { IconName } from "@/parts/Icon";

export interface Place {
  path: "/work" | "/floor";
  title: MessageDescriptor;
  icon: IconName;
  /** What the page needs; it is not shown without. */
  needs: Permission;
}

/** The pages, in the order in which they are shown. */
export const PLACES: readonly Place[] = [
  { path: "/work", title: msg`My work`, icon: "headset", needs: "floor.read" },
  { path: "/floor", title: msg`Floor`, icon: "wall", needs: "floor.watch" },
];

export function placesOf(me: Me): Place[] {
  return PLACES.filter(
    (place) => me.permissions.includes(place.needs) && (place.path !== "/work" || me.operator !== null),
  );
}

/** Where somebody begins: operators with their work, others with what they may see. */
export function homeOf(me: Me): Place["path"] {
  return placesOf(me)[0]?.path ?? "/work";
}
