import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { components } from "@/api/contract";

interface StepText {
  title: MessageDescriptor;
  about: MessageDescriptor;
  link?: { subject: string; id?: string; text: MessageDescriptor };
}

/** What each step is, and where it is taken. */
export const STEP_TEXTS: Record<components["schemas"]["StepName"], StepText> = {
  pbx: {
    title: msg`The PBX answers`,
    about: msg`The service is not logged in to Asterisk. “keskus check” on the service's machine says why.`,
  },
  trunk: {
    title: msg`The carrier's line`,
    about: msg`It is set up in Asterisk. It is ticked when the first call comes in by it.`,
    link: { subject: "trunks", text: msg`How it is set up` },
  },
  queue: {
    title: msg`A queue`,
    about: msg`Callers wait in it until an operator is free.`,
    link: { subject: "queues", id: "new", text: msg`Make a queue` },
  },
  number: {
    title: msg`A number`,
    about: msg`The number that customers dial leads to the queue.`,
    link: { subject: "numbers", id: "new", text: msg`Enter a number` },
  },
  operator: {
    title: msg`An operator`,
    about: msg`Somebody who serves the queue, with a phone in the page.`,
    link: { subject: "operators", id: "new", text: msg`Make an operator` },
  },
  phone: {
    title: msg`The operator's phone`,
    about: msg`The operator logs in, in another browser, and is available: then the phone in the page is registered. A SIP app is entered by its account.`,
    link: { subject: "operators", text: msg`To the operators` },
  },
  call: {
    title: msg`A test call`,
    about: msg`Dial the number from a mobile phone. It rings at the operator. Once the call was answered and is over, this is ticked.`,
  },
};
