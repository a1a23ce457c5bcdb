import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { useMe } from "@/api/session";
import { useClock } from "@/live/clock";
import { lookPlace, type Look } from "@/pages/look/look";
import { Icon, type IconName } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { phone, useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import { useOffered } from "../actions";
import { placesOf } from "../pages";
import css from "./search.module.css";
import { fits } from "./folding";
import { useFound } from "./found";

interface Entry {
  key: string;
  icon: IconName;
  title: string;
  about: string;
  keys: string;
  run: () => void;
}

const PAUSE_MS = 120;
const MINUTE_MS = 60_000;

/** Everything by typing: arrows and Enter choose, Escape goes back to where one was. */
export function SearchDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useLingui();
  const [taken, setTaken] = useState(false);
  return (
    <Modal.Root
      opened={opened}
      onClose={() => {
        setTaken(false);
        close();
      }}
      size="lg"
      yOffset="8vh"
      padding={0}
      returnFocus={!taken}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t`Search everything`}>
        <SearchBox
          take={(run) => {
            setTaken(true);
            close();
            run();
          }}
        />
      </Modal.Content>
    </Modal.Root>
  );
}

function SearchBox({ take }: { take: (run: () => void) => void }) {
  const { i18n, t } = useLingui();
  const me = useMe();
  const language = useLanguage();
  const formats = useFormats();
  const navigate = useNavigate();
  const now = useClock((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const actions = useOffered();
  const found = useFound(asked, language, me.permissions);
  const go = (look: Look) => {
    void navigate(lookPlace(me, look));
  };
  const entries: Entry[] = [
    ...actions
      .filter((one) => fits(one.title, typed))
      .map((one) => ({ ...one, key: one.id, about: "", keys: one.keys ?? "" })),
    ...placesOf(me).flatMap((place) => {
      const title = i18n._(place.title);
      const run = () => void navigate({ to: place.path });
      return fits(title, typed) ? [{ key: place.path, icon: place.icon, title, about: t`page`, keys: "", run }] : [];
    }),
    ...(typed.trim() === ""
      ? []
      : found.hits.map((hit) => ({
          key: `${hit.look.kind} ${hit.look.id}`,
          icon: hit.icon,
          title: hit.look.kind === "call" ? phone(hit.title) : hit.title,
          about: hit.look.kind === "call" ? formats.moment(hit.about, now) : hit.about,
          keys: "",
          run: () => {
            go(hit.look);
          },
        }))),
  ];
  const chosen = Math.min(at, Math.max(0, entries.length - 1));
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const choose = (entry: Entry | undefined) => {
    if (entry) take(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
    else if (event.key === "Enter") choose(entries[chosen]);
    else return;
    event.preventDefault();
  };
  const waits = found.waits || asked !== typed.trim();
  return (
    <>
      <div className={css.field}>
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={entries.length ? `${id}-${String(chosen)}` : undefined}
          aria-autocomplete="list"
          aria-label={t`Search everything`}
          placeholder={t`A name, a number, an article, or what you want to do`}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          autoFocus
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Trouble error={found.error} />
      <ul id={id} role="listbox" aria-label={t`Found`} aria-busy={waits} className={css.list} ref={list}>
        {entries.map((entry, place) => (
          <li
            key={entry.key}
            id={`${id}-${String(place)}`}
            role="option"
            aria-selected={place === chosen}
            onMouseMove={() => {
              setAt(place);
            }}
            onClick={() => {
              choose(entry);
            }}
          >
            <Icon name={entry.icon} size={17} />
            <b>{entry.title}</b>
            <small>{entry.about}</small>
            {entry.keys && <kbd>{entry.keys}</kbd>}
          </li>
        ))}
      </ul>
      <p role="status" className={css.empty}>
        {entries.length === 0 &&
          (waits ? (
            <Trans>Searching…</Trans>
          ) : (
            <Trans>Nothing is found. Try fewer letters, a number, or another word.</Trans>
          ))}
      </p>
    </>
  );
}
