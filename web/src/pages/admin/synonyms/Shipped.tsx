import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "../shape/shape.module.css";

type Words = components["schemas"]["SynonymsShipped"];

/** Synonyms that come with the program, and which of them are switched off. */
export function Shipped() {
  const { t } = useLingui();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["admin", "synonyms", "shipped"],
    queryFn: () => answer(api.GET("/api/v1/synonyms")),
  });
  const off = useMutation({
    mutationFn: ({ code, et, ru, en }: Words) =>
      answer(api.POST("/api/v1/synonyms", { body: { code, et, ru, en, active: false } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin", "synonyms"] }),
  });
  const own = new Set(found.data?.items.map((one) => one.code));
  const rows = found.data?.shipped ?? [];
  return (
    <Section title={<Trans>Come with the program</Trans>} count={rows.length} className={css.below}>
      <p className={css.hint}>
        <Trans>One that is switched off, or changed, stands above; switch it on again there.</Trans>
      </p>
      <Trouble error={found.error ?? off.error} />
      {found.isPending && <Waiting />}
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t`Synonyms that come with the program`}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Id</Trans>
              </th>
              <th scope="col">
                <Trans>Estonian</Trans>
              </th>
              <th scope="col">
                <Trans>Russian</Trans>
              </th>
              <th scope="col">
                <Trans>English</Trans>
              </th>
              <th scope="col">
                <Trans>State</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ code, ...one }) => (
              <tr key={code} data-out={own.has(code) || undefined}>
                <th scope="row">{code}</th>
                <td>{one.et.join(", ")}</td>
                <td>{one.ru.join(", ")}</td>
                <td>{one.en.join(", ")}</td>
                <td>
                  {own.has(code) ? (
                    <Trans>yours takes its place</Trans>
                  ) : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t`Switch off: ${code}`}
                      onClick={() => {
                        off.mutate({ code, ...one });
                      }}
                    >
                      <Trans>Switch off</Trans>
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
