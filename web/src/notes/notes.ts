import { useEffect, useSyncExternalStore } from "react";

import { answer, answerWithTag, api } from "@/api/client";
import { Refused } from "@/api/refused";
import { useMe } from "@/api/session";
import { Keepers } from "@/keeping/keepers";

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

export const notes = new Keepers("note", (place, call) => new NoteKeeper(place, call, DESK, localStorage), isSaved);

/** My note about a call, as typed. */
export function useNote(
  call: string,
  contact: number | null,
): Note & { type: (text: string) => void; settle: (text: string) => void } {
  const keeper = notes.of(useMe().id, call);
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
