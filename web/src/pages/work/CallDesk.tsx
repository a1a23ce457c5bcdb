import { useMay } from "@/api/session";
import type { Call, Operator } from "@/live/floor";

import { Articles } from "./Articles";
import { CallCard } from "./CallCard";
import { OpenComplaints } from "./complaint/OpenComplaints";
import { ContactCard } from "./ContactCard";
import { Disposition } from "./Disposition";
import { History } from "./History";
import { NoteField } from "./NoteField";
import { OpenOrders } from "./OpenOrders";
import { Promotions } from "./Promotions";
import { Script } from "./script/Script";
import type { Work } from "./work";
import css from "./work.module.css";
import { WhoCalls } from "./WhoCalls";
import { WrapUpBar } from "./WrapUpBar";

interface Props {
  me: Operator;
  work: Work;
  call: Call;
  pickAfterwards: (contact: number) => void;
}

/** All of one call side by side: who calls, what to write down, what to tell. */
export function CallDesk({ me, work, call, pickAfterwards }: Props) {
  const { contact } = call;
  const over = work.phase === "wrap_up";
  const seesOrders = useMay("orders.read");
  const seesComplaints = useMay("complaints.read");
  const seesScripts = useMay("scripts.read");
  const seesArticles = useMay("articles.read");
  const seesPromotions = useMay("promotions.read");
  return (
    <>
      {over && <WrapUpBar me={me} />}
      <CallCard call={call} phase={work.phase} />
      <div className={css.call}>
        <div className={css.column}>
          <WhoCalls
            key={call.matches.join()}
            call={call}
            contact={contact}
            over={over}
            pickAfterwards={pickAfterwards}
          />
          {contact !== null && <ContactCard id={contact} />}
          {contact !== null && seesOrders && <OpenOrders contact={contact} />}
          {contact !== null && seesComplaints && <OpenComplaints contact={contact} call={call.id} />}
        </div>
        <div className={css.column}>
          {call.attempt !== null && call.campaign !== null && work.phase !== "ringing" && (
            <Disposition
              attempt={call.attempt}
              campaign={call.campaign}
              required={Boolean(over && me.talked?.required)}
              mine={me.id}
            />
          )}
          {seesScripts && <Script call={call.id} />}
          <NoteField call={call.id} contact={contact} />
          {contact !== null && <History contact={contact} />}
        </div>
        <div className={css.column}>
          {seesArticles && <Articles call={call} />}
          {seesPromotions && <Promotions queue={call.queue} contact={contact} />}
        </div>
      </div>
    </>
  );
}
