import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";

import { answer, api } from "@/api/client";
import { useOwnFieldTitles } from "@/api/ownFields";
import { contactQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { hasDraft } from "@/drafts/useDraft";
import { BY_PLACE } from "@/parts/byPlace";
import { Icon } from "@/parts/Icon";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";
import { Waiting } from "@/parts/Waiting";
import { useActions } from "@/shell/actions";
import { useFormats } from "@/texts/format";

import { bodyOf, editOf, fieldsOf, mergedOf, type Contact, type Edit } from "./contact/fields";
import contactCss from "./contact.module.css";
import css from "./work.module.css";

const ContactEditor = lazy(() => import("./contact/ContactEditor").then((part) => ({ default: part.ContactEditor })));

interface Props {
  id: number;
  /** What stands above it; undefined: that it is a contact. */
  title?: string | undefined;
  /** What stands beside the title. */
  aside?: ReactNode;
}

/** The contact: who they are, how to reach them, what everybody should know. */
export function ContactCard({ id, title, aside }: Props) {
  const may = useMay("contacts.read");
  const formats = useFormats();
  const titleOf = useOwnFieldTitles();
  const contact = useQuery({ ...contactQuery(id), enabled: may });
  const found = contact.data;
  const { t } = useLingui();
  const writes = useMay("contacts.write");
  const [edits, setEdits] = useState(() => hasDraft(editOf(id)));
  const [before, setBefore] = useState<Edit | null>(null);
  const undo = useUndo(() => {
    setBefore(null);
  });
  const begin = () => {
    if (writes) setEdits(true);
  };
  useHotkeys([["alt+E", begin, BY_PLACE]], []);
  useActions(
    writes && found ? [{ id: "contact", title: t`Change the contact`, icon: "user", keys: "Alt E", run: begin }] : [],
  );
  return (
    <Section
      title={title ?? <Trans>Contact</Trans>}
      icon={found?.kind === "company" ? "company" : "user"}
      aside={
        <span className={css.buttons}>
          {writes && found && !edits && (
            <Button size="compact-xs" variant="subtle" aria-label={t`Change the contact`} onClick={begin}>
              <Trans>Change</Trans>
            </Button>
          )}
          {aside}
        </span>
      }
    >
      <Trouble error={contact.error ?? undo.error} />
      {contact.isPending && may && <Waiting />}
      {found && before && !edits && (
        <Undo
          undo={() => {
            undo.mutate({ contact: found, before });
          }}
        >
          <Trans>The contact was changed.</Trans>
        </Undo>
      )}
      {found && edits && (
        <Suspense fallback={<Waiting />}>
          <ContactEditor
            contact={found}
            done={(was) => {
              setEdits(false);
              setBefore(was);
            }}
          />
        </Suspense>
      )}
      {found && !edits && (
        <>
          {(found.job_title || found.employer_name || found.company_name) && (
            <p className={css.about}>
              {[found.job_title, found.employer_name || found.company_name].filter(Boolean).join(", ")}
            </p>
          )}
          {found.note && <p className={contactCss.warned}>{found.note}</p>}
          <ul className={contactCss.reach}>
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
                <dt>{titleOf(code)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Section>
  );
}

/** Makes the contact again what it was before it was changed here. */
function useUndo(done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ contact, before }: { contact: Contact; before: Edit }) =>
      answer(
        api.PUT("/api/v1/contacts/{id}", {
          params: { path: { id: contact.id }, header: { "If-Match": `"${String(contact.version)}"` } },
          body: bodyOf(contact, mergedOf(before, fieldsOf(contact))),
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(contactQuery(saved.id).queryKey, saved);
      done();
    },
  });
}
