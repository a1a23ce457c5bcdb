/**
 * What the browser remembers of the phone, so that a page that was loaded anew in a talk is back in it sooner. No secret,
 * and nothing of the talk itself: those are asked of the service.
 */

import type { components } from "@/api/contract";

export type MyPhone = components["schemas"]["MyPhone"];

interface Mine {
  operator: number | null;
  phone: MyPhone;
}

/** The phone of whoever was logged in last in this browser. */
const MINE = "keskus.phone.mine";
/** The phone that stood in this tab. */
const HERE = "keskus.phone.here";

export function keepMine(mine: Mine): void {
  localStorage.setItem(MINE, JSON.stringify(mine));
}

export function mineOf(operator: number | null): MyPhone | undefined {
  const mine = read<Mine>(localStorage, MINE);
  return mine && operator !== null && mine.operator === operator ? mine.phone : undefined;
}

export interface Here {
  account: string;
  talks: boolean;
}

export function keepHere(here: Here): void {
  sessionStorage.setItem(HERE, JSON.stringify(here));
}

/** The phone has left this tab: loaded anew, the tab does not begin with it. */
export function forgetHere(): void {
  sessionStorage.removeItem(HERE);
}

/** The phone that stood in this tab before it was loaded anew; null: none, or the browser's user has another one now. */
export function lastHere(): Here | null {
  const here = read<Here>(sessionStorage, HERE);
  const phone = read<Mine>(localStorage, MINE)?.phone;
  return here && phone?.kind === "browser" && phone.username === here.account ? here : null;
}

function read<Kept>(from: Storage, place: string): Kept | null {
  const text = from.getItem(place);
  return text === null ? null : (JSON.parse(text) as Kept);
}
