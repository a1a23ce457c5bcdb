import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, ORDER_TEXTS } from "@/texts/states";

import css from "./calls.module.css";
import type { WholeCall } from "./ladder";
import { complaintsOfCallQuery, notesOfContactQuery, ordersOfCallQuery } from "./queries";

/** What operators entered in a call: notes, orders, complaints. */
export function Entered({ call }: { call: WholeCall }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const orders = useQuery(ordersOfCallQuery(call.id));
  const complaints = useQuery(complaintsOfCallQuery(call.id));
  const notes = useQuery({ ...notesOfContactQuery(call.contact ?? 0), enabled: call.contact !== null });
  const mine = (notes.data?.items ?? []).filter((note) => note.call === call.id);
  const none = !mine.length && !orders.data?.items.length && !complaints.data?.items.length;
  return (
    <Section title={<Trans>Entered in the call</Trans>} icon="note">
      <Trouble error={orders.error ?? complaints.error ?? notes.error} />
      {none && orders.isSuccess && complaints.isSuccess && (
        <Empty>
          <Trans>Nothing was entered in this call.</Trans>
        </Empty>
      )}
      <ul className={css.entered}>
        {mine.map((note) => (
          <li key={note.id}>
            <b>
              <Trans>Note</Trans>
            </b>
            <p>{note.text}</p>
          </li>
        ))}
        {orders.data?.items.map((order) => {
          const number = order.number ?? String(order.id);
          return (
            <li key={order.id}>
              <b>
                <Trans>Order {number}</Trans>
              </b>{" "}
              {i18n._(ORDER_TEXTS[order.state])} {order.gross !== null && formats.money(order.gross)}
            </li>
          );
        })}
        {complaints.data?.items.map((complaint) => {
          const number = String(complaint.id);
          return (
            <li key={complaint.id}>
              <b>
                <Trans>Complaint #{number}</Trans>
              </b>{" "}
              {complaint.subject} · {i18n._(COMPLAINT_TEXTS[complaint.state])}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
