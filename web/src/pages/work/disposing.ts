import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { attemptQuery, dispositionsQuery } from "@/api/queries";
import { useDraft } from "@/drafts/useDraft";

type Disposition = components["schemas"]["DispositionOut"];
type Attempt = components["schemas"]["AttemptOut"];

interface Asked {
  attempt: string;
  campaign: number;
  about: Attempt | undefined;
  /** The operator who may promise to call back themselves. */
  mine: number | null;
}

/** What was chosen and typed; null: what was saved before stands. */
interface Form {
  code: string | null;
  note: string | null;
  at: string | null;
  byMe: boolean | null;
}

const EMPTY: Form = { code: null, note: null, at: null, byMe: null };

export type Disposing = ReturnType<typeof useDisposing>;

/** What is being chosen as a call's result, over what was saved before; kept in the browser until it is saved. */
export function useDisposing({ attempt, campaign, about, mine }: Asked) {
  const client = useQueryClient();
  const offered = useQuery(dispositionsQuery(campaign));
  const choices = useMemo(() => usable(offered.data ?? []), [offered.data]);
  const { form, change, clear } = useDraft(`keskus.disposition.${attempt}`, EMPTY);
  const chosen = choices.find((one) => one.code === (form.code ?? about?.disposition));
  const byMe = form.byMe ?? !(about?.callback_at && about.callback_operator === null);
  const shownNote = form.note ?? about?.note ?? "";
  const shownAt = form.at ?? (about?.callback_at ? forInput(new Date(about.callback_at)) : "");
  const save = useMutation({
    mutationFn: async () => {
      if (!chosen) return;
      const callback = chosen.callback
        ? { callback_at: new Date(shownAt).toISOString(), callback_operator: byMe ? mine : null }
        : {};
      const saved = await answer(
        api.PUT("/api/v1/attempts/{id}/disposition", {
          params: { path: { id: attempt } },
          body: { disposition: chosen.code, note: shownNote, ...callback },
        }),
      );
      client.setQueryData(attemptQuery(attempt).queryKey, saved);
      clear();
    },
  });
  const choose = useCallback(
    (one: Disposition) => {
      change({ code: one.code });
    },
    [change],
  );
  return {
    choices,
    chosen,
    choose,
    note: shownNote,
    setNote: (note: string) => {
      change({ note });
    },
    at: shownAt,
    setAt: (at: string) => {
      change({ at });
    },
    byMe,
    setByMe: (mine: boolean) => {
      change({ byMe: mine });
    },
    loaded: offered.isSuccess,
    error: offered.error ?? save.error,
    saving: save.isPending,
    save: () => {
      save.mutate();
    },
  };
}

/** Those in use, each code once: a campaign's own takes the place of a common one. */
export function usable(dispositions: readonly Disposition[]): Disposition[] {
  const byCode = new Map<string, Disposition>();
  for (const one of dispositions) {
    if (one.active !== false && (typeof one.campaign === "number" || !byCode.has(one.code))) byCode.set(one.code, one);
  }
  return [...byCode.values()];
}

/** A title in the reader's language; in the centre's own where it lacks that. */
export function titleOf(one: { title: string; titles?: object }, language: string): string {
  const titles = (one.titles ?? {}) as Record<string, string>;
  return titles[language] ?? one.title;
}

/** A moment as an input for date and time takes it, in the operator's own time. */
export function forInput(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
