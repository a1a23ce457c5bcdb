import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { useMe } from "@/api/session";

import { myPhoneQuery } from "./myPhone";

const PhoneBar = lazy(async () => {
  const [part] = await Promise.all([import("./PhoneBar"), import("jssip")]); // side by side: a talk may wait for both
  return { default: part.PhoneBar };
});

/** The phone in the page, for operators who talk here; its code is loaded for them alone. */
export function PhonePlace() {
  const me = useMe();
  const phone = useQuery(myPhoneQuery(me.operator));
  if (me.operator === null || phone.data?.kind !== "browser") return null;
  return (
    <Suspense>
      <PhoneBar key={phone.data.username} account={phone.data.username} />
    </Suspense>
  );
}
