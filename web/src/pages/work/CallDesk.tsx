import { lazy, Suspense, useEffect, type ReactNode } from "react";

import { useMay } from "@/api/session";
import type { Call, Operator } from "@/live/floor";
import { useOrderDesk } from "@/orders/orders";
import { Waiting } from "@/parts/Waiting";

import { Articles } from "./Articles";
import { CallCard } from "./CallCard";
import { OpenComplaints } from "./complaint/OpenComplaints";
import { ContactCard } from "./ContactCard";
import { Disposition } from "./Disposition";
import { History } from "./History";
import { NoteField } from "./NoteField";
import { Orders } from "./order/Orders";
import { ParkingFull } from "./Parked";
import { Promotions } from "./Promotions";
import { Script } from "./script/Script";
import type { Work } from "./work";
import css from "./work.module.css";
import { WhoCalls } from "./WhoCalls";
import { WrapUpBar } from "./WrapUpBar";

const bringOrders = () => import("./order/OrderDesk");
const OrderDesk = lazy(() => bringOrders().then((part) => ({ default: part.OrderDesk })));
const Surveys = lazy(() => import("./survey/Surveys").then((part) => ({ default: part.Surveys })));

interface Props {
  me: Operator;
  work: Work;
  call: Call;
  pickAfterwards: (contact: number) => void;
  /** What is looked at beside the call. */
  look: ReactNode;
}

/** All of one call side by side: who calls, what to write down, what to tell. */
export function CallDesk({ me, work, call, pickAfterwards, look }: Props) {
  const { contact } = call;
  const over = work.phase === "wrap_up";
  const talks = work.phase === "talking" || work.phase === "on_hold";
  const order = useOrderDesk(call.id, contact);
  useEffect(() => {
    void bringOrders(); // so that what is typed right after the keys is typed there
  }, []);
  const asks = useMay("surveys.ask");
  const seesOrders = useMay("orders.read");
  const seesComplaints = useMay("complaints.read");
  const seesScripts = useMay("scripts.read");
  const seesArticles = useMay("articles.read");
  const seesPromotions = useMay("promotions.read");
  return (
    <>
      {over && <WrapUpBar me={me} />}
      <CallCard call={call} phase={work.phase} />
      {talks && <ParkingFull />}
      <div className={css.call}>
        <div className={css.column}>
          <WhoCalls
            key={call.matches.join()}
            call={call}
            contact={contact}
            over={over}
            pickAfterwards={pickAfterwards}
          />
          {contact !== null && <ContactCard key={contact} id={contact} />}
          {seesOrders && <Orders contact={contact} call={call.id} {...order} />}
          {seesComplaints && <OpenComplaints contact={contact} call={call.id} talks={talks} />}
        </div>
        <div className={css.column}>
          {call.attempt !== null && call.campaign !== null && work.phase !== "ringing" && (
            <Disposition
              key={call.attempt}
              attempt={call.attempt}
              campaign={call.campaign}
              required={Boolean(over && me.talked?.required)}
              mine={me.id}
            />
          )}
          {seesScripts && <Script call={call.id} />}
          {asks && work.phase !== "ringing" && (
            <Suspense>
              <Surveys call={call.id} contact={contact} />
            </Suspense>
          )}
          <NoteField call={call.id} contact={contact} />
          {contact !== null && <History contact={contact} call={call.id} />}
        </div>
        <div className={css.column}>
          {look}
          {seesOrders && order.shown.state !== "none" && (
            <Suspense fallback={<Waiting />}>
              <OrderDesk {...order} />
            </Suspense>
          )}
          {seesArticles && <Articles call={call} />}
          {seesPromotions && <Promotions queue={call.queue} contact={contact} />}
        </div>
      </div>
    </>
  );
}
