import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";

/** A sound as it is kept: its name, what is said in it, and its bytes. */
export interface Kept {
  name: string;
  title: string;
  content: Blob;
}

/** What was done last, and what was there before it. */
interface Done {
  name: string;
  /** The sound that stood there; null: none. */
  former: Kept | null;
  removed: boolean;
}

const bring = ({ name, title, content }: Kept) =>
  answer(
    api.POST("/api/v1/sounds", {
      params: { query: { name, title } },
      body: content as unknown as string,
      bodySerializer: (body) => body,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );

const remove = (name: string) => answer(api.DELETE("/api/v1/sounds/{name}", { params: { path: { name } } }));

async function formerOf(sound: { name: string; title: string }): Promise<Kept> {
  const content = await answer(
    api.GET("/api/v1/sounds/{name}", { params: { path: { name: sound.name } }, parseAs: "blob" }),
  );
  return { name: sound.name, title: sound.title, content: content as unknown as Blob };
}

/** Brings and removes sounds; what was done last can be taken back, as its bytes are kept here. */
export function useSounds(all: readonly { name: string; title: string }[]) {
  const client = useQueryClient();
  const [last, setLast] = useState<Done | null>(null);
  const settled = {
    onSuccess: async (done: Done | null) => {
      setLast(done);
      await client.invalidateQueries({ queryKey: ["sounds"] });
      await client.invalidateQueries({ queryKey: ["options"] });
    },
  };
  const before = async (name: string) => {
    const there = all.find((one) => one.name === name);
    return there ? await formerOf(there) : null;
  };
  return {
    last,
    bring: useMutation({
      mutationFn: async (sound: Kept): Promise<Done | null> => {
        const former = await before(sound.name);
        await bring(sound);
        return { name: sound.name, former, removed: false };
      },
      ...settled,
    }),
    remove: useMutation({
      mutationFn: async (name: string): Promise<Done | null> => {
        const former = await before(name);
        await remove(name);
        return { name, former, removed: true };
      },
      ...settled,
    }),
    undo: useMutation({
      mutationFn: async ({ name, former }: Done): Promise<Done | null> => {
        await (former ? bring(former) : remove(name));
        return null;
      },
      ...settled,
    }),
  };
}
