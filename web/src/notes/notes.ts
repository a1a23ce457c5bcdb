import { useEffect, useSyncExternalStore } from "react";

import { answer, answerWithTag, api } from "@/api/client";
import { Refused } from "@/api/refused";
import { useMe } from "@/api/session";

import { isSaved, NoteKeeper, type Desk, type Note } from "./noteKeeper";

const DESK: Desk = {
  add: async (contact, text, call, key) => {
    const params = { path: { id: contact }, header: { "Idempotency-Key": key } };
    const { data, tag } = await answerWithTag(
      api.POST("/api/v1/contacts/{id}/notes", { params, body: { text, call } }),
    );
    return { id: data.id, tag };
  },
  change: async ({ id, contact, tag }, text) => {
    const params = { path: { id: contact, note: id }, header: { "If-Match": tag } };
    return (await answerWithTag(api.PUT("/api/v1/contacts/{id}/notes/{note}", { params, body: { text } }))).tag;
  },
  withdraw: async ({ id, contact, tag }) => {
    const params = { path: { id: contact, note: id }, header: { "If-Match": tag } };
    await answer(api.DELETE("/api/v1/contacts/{id}/notes/{note}", { params }));
  },
  load: async ({ id, contact }) => {
    const params = { path: { id: contact }, query: { limit: 100 } };
    const { items } = await answer(api.GET("/api/v1/contacts/{id}/notes", { params }));
    const found = items.find((one) => one.id === id);
    return found === undefined ? null : { text: found.text, tag: `"${String(found.version)}"` };
  },
  isPassed: (error) => error instanceof Refused && (error.code === "version.passed" || error.code === "note.unknown"),
  passes: (error) => error instanceof Refused && (error.passes || error.status === 401),
};

const PLACE = /^keskus\.note\.(\d+)\.(.+)$/;
const keepers = new Map<string, NoteKeeper>();

/** The keeper of a user's note about a call; it goes on until the text is at the service, whatever page is shown. */
function keeperOf(user: number, call: string): NoteKeeper {
  const place = `keskus.note.${String(user)}.${call}`;
  let keeper = keepers.get(place);
  if (keeper === undefined) {
    keeper = new NoteKeeper(place, call, DESK, localStorage);
    keepers.set(place, keeper);
  }
  return keeper;
}

/** Goes on with every note of a user that is not at the service yet. */
export function resumeNotes(user: number): void {
  for (const [, owner, call, kept] of kepts()) {
    if (owner === String(user) && !isSaved(kept)) keeperOf(user, call).resume();
  }
}

/** Sends nothing more: the user has logged out. */
export function stopNotes(): void {
  for (const keeper of keepers.values()) keeper.stop();
}

/** Forgets what the service has: a browser keeps nothing of customers that it need not. */
export function forgetSavedNotes(): void {
  for (const [place, , , kept] of kepts()) if (isSaved(kept)) localStorage.removeItem(place);
}

/** The place, the user, the call and the draft of each note in the browser. */
function kepts(): [string, string, string, string][] {
  return Object.keys(localStorage).flatMap((place) => {
    const [, owner, call] = PLACE.exec(place) ?? [];
    const kept = localStorage.getItem(place);
    return owner === undefined || call === undefined || kept === null ? [] : [[place, owner, call, kept]];
  });
}

/** My note about a call, as typed. */
export function useNote(
  call: string,
  contact: number | null,
): Note & { type: (text: string) => void; settle: (text: string) => void } {
  const keeper = keeperOf(useMe().id, call);
  useEffect(() => {
    keeper.resume();
    keeper.about(contact);
  }, [keeper, contact]);
  const note = useSyncExternalStore(keeper.subscribe, keeper.read);
  return {
    ...note,
    type: (text) => {
      keeper.type(text);
    },
    settle: (text) => {
      keeper.settle(text);
    },
  };
}
