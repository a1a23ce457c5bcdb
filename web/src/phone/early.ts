/**
 * Begins the phone before the page, in a tab whose phone stood there until it was loaded anew: the page takes as long to
 * be drawn as a talk takes to go on, and the talk comes first.
 */

import { lastHere } from "./here";
import type { Phone } from "./phone";

/** Longer than sound takes to come once the PBX has agreed to the talk. */
const HEARD_MS = 150;
/** The page does not wait longer for a talk. */
const LONGEST_MS = 1_500;

let early: { account: string; phone: Phone | null } | null = null;

/** Begins the phone, if it stood here; over when the talk goes on, if there was one. */
export async function beginEarly(): Promise<void> {
  const here = lastHere();
  if (here === null) return;
  const mine: typeof early = (early = { account: here.account, phone: null });
  const [{ Phone }, { SERVICE }] = await Promise.all([import("./phone"), import("./service")]);
  if (early !== mine) return; // the page was quicker
  const lend = async () => {
    const lent = await SERVICE.lend();
    const others = typeof lent === "object" ? lent.username !== here.account : lent === "refused";
    if (others && early === mine) takeEarly(""); // somebody else is logged in by now, or nobody
    return lent;
  };
  const phone = (mine.phone = new Phone(here.account, { ...SERVICE, lend }, here.talks));
  if (here.talks) await Promise.race([talking(phone), wait(LONGEST_MS)]);
}

/** The phone that began early, if it is this account's; it is begun no more once this was asked. */
export function takeEarly(account: string): Phone | null {
  const taken = early;
  early = null;
  if (taken?.phone && taken.account === account) return taken.phone;
  taken?.phone?.close();
  return null;
}

async function talking(phone: Phone): Promise<void> {
  await new Promise<void>((resolve) => {
    const leave = phone.subscribe(() => {
      const { connection, lines } = phone.read();
      const none = connection !== "connecting" && connection !== "off" && lines.length === 0;
      if (!none && !lines.some((line) => line.state === "talking")) return;
      leave();
      resolve();
    });
  });
  await wait(HEARD_MS);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
