import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "./shape.module.css";
import { USER_TEXTS } from "./usedTexts";

/** What else a change of a thing touches: all that names it. */
export function Used({ kind, id }: { kind: string; id: string }) {
  const { i18n } = useLingui();
  const uses = useQuery({
    queryKey: ["uses", kind, id],
    queryFn: () => answer(api.GET("/api/v1/uses", { params: { query: { kind: kind as never, id } } })),
    staleTime: 0,
  });
  return (
    <Section title={<Trans>A change touches</Trans>} count={uses.data?.length}>
      <Trouble error={uses.error} />
      {uses.isPending && <Waiting lines={2} />}
      {uses.data?.length === 0 && (
        <Empty>
          <Trans>Nothing names it.</Trans>
        </Empty>
      )}
      <ul className={css.uses}>
        {uses.data?.map((one) => {
          const known = USER_TEXTS[one.kind];
          return (
            <li key={`${one.kind}.${one.id}`}>
              <span>{known ? i18n._(known.text) : one.kind}</span>
              {known?.subject ? (
                <Link to="/admin/$subject/$id" params={{ subject: known.subject, id: one.id }}>
                  {one.title}
                </Link>
              ) : (
                <b>{one.title}</b>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
