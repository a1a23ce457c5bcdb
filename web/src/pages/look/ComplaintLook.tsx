import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { ComplaintDetails } from "@/pages/work/complaint/ComplaintDetails";
import { complaintQuery } from "@/pages/work/complaint/complaints";
import { Section } from "@/parts/Section";
import { COMPLAINT_TEXTS, SEVERITY_TEXTS } from "@/texts/states";

import { Close } from "./Close";
import css from "./look.module.css";
import { LookLink } from "./LookLink";

/** A complaint, and what can be done with it. */
export function ComplaintLook({ id, close }: { id: number; close: () => void }) {
  const { i18n } = useLingui();
  const number = String(id);
  const { data } = useQuery(complaintQuery(id));
  return (
    <Section
      title={data ? `#${number} ${data.subject}` : <Trans>Complaint #{number}</Trans>}
      icon="complaint"
      aside={<Close close={close} />}
    >
      <div className={css.look}>
        {data && (
          <p>
            {i18n._(COMPLAINT_TEXTS[data.state])} · {i18n._(SEVERITY_TEXTS[data.severity])}
            {data.owner_name && ` · ${data.owner_name}`}
            {data.contact !== null && (
              <>
                {" · "}
                <LookLink look={{ kind: "contact", id: String(data.contact) }}>
                  <Trans>the customer</Trans>
                </LookLink>
              </>
            )}
          </p>
        )}
        <ComplaintDetails key={id} id={id} call={null} talks={false} />
      </div>
    </Section>
  );
}
