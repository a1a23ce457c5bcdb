import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { contactQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { Icon } from "@/parts/Icon";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { useFormats } from "@/texts/format";

import css from "./work.module.css";

/** The contact: who they are, how to reach them, what everybody should know. */
export function ContactCard({ id }: { id: number }) {
  const may = useMay("contacts.read");
  const formats = useFormats();
  const contact = useQuery({ ...contactQuery(id), enabled: may });
  const found = contact.data;
  return (
    <Section title={<Trans>Contact</Trans>} icon={found?.kind === "company" ? "company" : "user"}>
      <Trouble error={contact.error} />
      {contact.isPending && may && <Waiting />}
      {found && (
        <>
          {(found.job_title || found.employer_name || found.company_name) && (
            <p className={css.about}>
              {[found.job_title, found.employer_name || found.company_name].filter(Boolean).join(", ")}
            </p>
          )}
          {found.note && <p className={css.warned}>{found.note}</p>}
          <ul className={css.reach}>
            {found.phones.map((one) => (
              <li key={one.number}>
                <Icon name="phone" size={15} />
                <PhoneNumber number={one.number} />
                <small>{one.label}</small>
              </li>
            ))}
            {found.emails.map((one) => (
              <li key={one.address}>
                <Icon name="mail" size={15} />
                <a href={`mailto:${one.address}`}>{one.address}</a>
                <small>{one.label}</small>
              </li>
            ))}
          </ul>
          <dl className={css.columns}>
            {found.language && (
              <div>
                <dt>
                  <Trans>Language</Trans>
                </dt>
                <dd>{found.language.toUpperCase()}</dd>
              </div>
            )}
            {found.owner_name && (
              <div>
                <dt>
                  <Trans>Looked after by</Trans>
                </dt>
                <dd>{found.owner_name}</dd>
              </div>
            )}
            {found.last_served_at && (
              <div>
                <dt>
                  <Trans>Last served</Trans>
                </dt>
                <dd>{formats.date(found.last_served_at)}</dd>
              </div>
            )}
            {Object.entries(found.fields).map(([code, value]) => (
              <div key={code}>
                <dt>{code}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Section>
  );
}
