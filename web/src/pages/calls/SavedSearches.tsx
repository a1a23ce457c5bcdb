import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";

import { useSavedSearches } from "@/api/pageSettings";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import { readCallSearch, type CallSearch } from "./asking";
import css from "./calls.module.css";

/** The user's saved searches, and a way to save the present one. Numbers of customers are not kept. */
export function SavedSearches({ search }: { search: CallSearch }) {
  const { t } = useLingui();
  const { searches, loaded, save } = useSavedSearches();
  const [title, setTitle] = useState("");
  const kept = Object.entries(search).filter(([name, value]) => name !== "number" && value !== undefined);
  const empty = kept.length === 0;
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (!title.trim() || empty || !loaded || save.isPending) return; // saving replaces all of them
    const told = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
    save.mutate([...searches.filter((one) => one.title !== title.trim()), { title: title.trim(), search: told }], {
      onSuccess: () => {
        setTitle("");
      },
    });
  };
  return (
    <div className={css.saved}>
      <ul aria-label={t`Saved searches`}>
        {searches.map((one) => {
          const name = one.title;
          return (
            <li key={name}>
              <Link to="/calls" search={readCallSearch(one.search)}>
                {name}
              </Link>
              <button
                type="button"
                aria-label={t`Remove the search ${name}`}
                onClick={() => {
                  save.mutate(searches.filter((other) => other !== one));
                }}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          );
        })}
      </ul>
      {!empty && (
        <form onSubmit={keep}>
          <TextInput
            size="xs"
            aria-label={t`Name of the search`}
            placeholder={t`Name of the search`}
            maxLength={100}
            value={title}
            onChange={(event) => {
              setTitle(event.currentTarget.value);
            }}
          />
          <Button type="submit" size="compact-sm" variant="default" loading={save.isPending} disabled={!loaded}>
            <Trans>Save this search</Trans>
          </Button>
        </form>
      )}
      <Trouble error={save.error} />
    </div>
  );
}
