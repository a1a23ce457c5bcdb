import { Trans } from "@lingui/react/macro";

import { dial, useHasPhone } from "@/phone/slot";
import { phone } from "@/texts/format";

/** A number that is dialled by a click: by the phone in the page, or by whatever the computer has. */
export function PhoneNumber({ number }: { number: string }) {
  const here = useHasPhone();
  if (!number) return <Trans>Number withheld</Trans>;
  return (
    <a
      href={`tel:${number}`}
      data-figures
      onClick={(event) => {
        if (!here) return;
        event.preventDefault();
        dial(number);
      }}
    >
      {phone(number)}
    </a>
  );
}
