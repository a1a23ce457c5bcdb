import { Trans } from "@lingui/react/macro";

import { phone } from "@/texts/format";

/** A number that may be dialled by a click. */
export function PhoneNumber({ number }: { number: string }) {
  if (!number) return <Trans>Number withheld</Trans>;
  return (
    <a href={`tel:${number}`} data-figures>
      {phone(number)}
    </a>
  );
}
