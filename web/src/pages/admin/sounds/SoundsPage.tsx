import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";
import { Waiting } from "@/parts/Waiting";

import shape from "../shape/shape.module.css";
import { useSounds } from "./keeping";
import { NewSound } from "./NewSound";
import { SoundRow } from "./SoundRow";

/** Announcements that the PBX plays to callers: heard here, brought, and taken away. */
export function SoundsPage() {
  const { t } = useLingui();
  const may = useMay("sounds.write");
  const found = useQuery({ queryKey: ["sounds"], queryFn: () => answer(api.GET("/api/v1/sounds")) });
  const all = found.data ?? [];
  const { last, bring, remove, undo } = useSounds(all);
  const name = last?.name ?? "";
  return (
    <div className={shape.page}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Sounds</Trans>
          </h1>
          <p>
            <Trans>
              Announcements for callers: what a queue plays before it ends a call, and what campaigns say to whom nobody
              could talk with.
            </Trans>
          </p>
        </div>
      </header>
      {last && (
        <Undo
          undo={() => {
            undo.mutate(last);
          }}
        >
          {last.removed ? <Trans>“{name}” was taken away.</Trans> : <Trans>“{name}” was brought in.</Trans>}
        </Undo>
      )}
      <Trouble error={undo.error ?? remove.error} />
      {may && (
        <NewSound
          key={last?.name}
          taken={all.map((one) => one.name)}
          pending={bring.isPending}
          error={bring.error}
          bring={(sound) => {
            bring.mutate(sound);
          }}
        />
      )}
      <Section title={<Trans>Sounds</Trans>} count={all.length}>
        <Trouble error={found.error} />
        {found.isPending && <Waiting />}
        {found.isSuccess && all.length === 0 && (
          <Empty>
            <Trans>No sound was brought in yet. Choose a file above; the PBX has others of its own.</Trans>
          </Empty>
        )}
        {all.length > 0 && (
          <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`All sounds`}>
            <table className={shape.table}>
              <thead>
                <tr>
                  <th scope="col">
                    <Trans>What is said in it</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Sound</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Brought</Trans>
                  </th>
                  <th scope="col">
                    <Trans>What to do</Trans>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map((sound) => (
                  <SoundRow
                    key={`${sound.name}.${sound.created_at}`}
                    sound={sound}
                    remove={
                      may
                        ? () => {
                            remove.mutate(sound.name);
                          }
                        : undefined
                    }
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
    </div>
  );
}
