import { Trans } from "@lingui/react/macro";

import { phone } from "@/texts/format";

/** A number that is dialled by a click: such links are dialled by the phone in the page, where there is one. */
export function PhoneNumber({ number }: { number: string }) {
  if (!number) return <Trans>Number withheld</Trans>;
  return (
    <a href={`tel:${number}`} data-figures>
      {phone(number)}
    </a>
  );
}
