import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { promotionsQuery } from "@/api/queries";
import { Section } from "@/parts/Section";
import { useLanguage } from "@/texts/speaking";

import css from "./knowledge.module.css";

/** What may be offered to this customer now; nothing where there is nothing. */
export function Promotions({ queue, contact }: { queue: string; contact: number | null }) {
  const language = useLanguage();
  const { data } = useQuery(promotionsQuery(queue, contact));
  if (!data?.length) return null;
  return (
    <Section title={<Trans>Offers</Trans>} icon="promotion" count={data.length}>
      <ul className={css.articles}>
        {data.map((promotion) => {
          const text = promotion.texts[language] ?? Object.values(promotion.texts)[0];
          return (
            <li key={promotion.id}>
              <b>{text?.title}</b>
              <span>{text?.description}</span>
              <small>{text?.terms}</small>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
