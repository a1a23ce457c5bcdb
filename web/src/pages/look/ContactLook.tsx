import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { contactComplaintsQuery, contactQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { ordersQuery } from "@/orders/orders";
import { ContactCard } from "@/pages/work/ContactCard";
import { History } from "@/pages/work/History";
import { Section } from "@/parts/Section";
import { useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, ORDER_TEXTS } from "@/texts/states";

import { Close } from "./Close";
import css from "./look.module.css";
import { LookLink } from "./LookLink";

/** A contact with orders, complaints and history. */
export function ContactLook({ id, close }: { id: number; close: () => void }) {
  const contact = useQuery(contactQuery(id));
  const seesOrders = useMay("orders.read");
  const seesComplaints = useMay("complaints.read");
  return (
    <>
      <ContactCard key={id} id={id} title={contact.data?.name} aside={<Close close={close} />} />
      {seesOrders && <ContactOrders contact={id} />}
      {seesComplaints && <ContactComplaints contact={id} />}
      <History contact={id} />
    </>
  );
}

function ContactOrders({ contact }: { contact: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const orders = useQuery(ordersQuery(contact, ""));
  if (!orders.data?.items.length) return null;
  return (
    <Section title={<Trans>Orders</Trans>} icon="order">
      <ul className={css.list}>
        {orders.data.items.map((order) => (
          <li key={order.id}>
            <LookLink look={{ kind: "order", id: String(order.id) }}>
              {order.number ?? <Trans>no number yet</Trans>}
            </LookLink>
            <span>{i18n._(ORDER_TEXTS[order.state])}</span>
            {order.gross !== null && <b data-figures>{formats.money(order.gross)}</b>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ContactComplaints({ contact }: { contact: number }) {
  const { i18n } = useLingui();
  const complaints = useQuery(contactComplaintsQuery(contact));
  if (!complaints.data?.items.length) return null;
  return (
    <Section title={<Trans>Complaints</Trans>} icon="complaint">
      <ul className={css.list}>
        {complaints.data.items.map((complaint) => (
          <li key={complaint.id}>
            <LookLink look={{ kind: "complaint", id: String(complaint.id) }}>
              #{complaint.id} {complaint.subject}
            </LookLink>
            <span>{i18n._(COMPLAINT_TEXTS[complaint.state])}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
