import type { Look } from "./look";

import { ArticleLook } from "./ArticleLook";
import { CallLook } from "./CallLook";
import { ComplaintLook } from "./ComplaintLook";
import { ContactLook } from "./ContactLook";
import { OrderLook } from "./OrderLook";

/** The thing that is looked at, whatever it is. */
export function LookPanel({ look, close }: { look: Look; close: () => void }) {
  const id = Number(look.id);
  switch (look.kind) {
    case "contact":
      return <ContactLook id={id} close={close} />;
    case "order":
      return <OrderLook id={id} close={close} />;
    case "complaint":
      return <ComplaintLook id={id} close={close} />;
    case "article":
      return <ArticleLook id={id} close={close} />;
    case "call":
      return <CallLook id={look.id} close={close} />;
  }
}
