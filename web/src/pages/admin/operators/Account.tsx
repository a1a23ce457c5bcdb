import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";

import css from "./operators.module.css";

/** What is entered into a phone, and the same as a picture for an app's camera. */
export function Account({ sip }: { sip: components["schemas"]["SipAccount"] }) {
  const { t } = useLingui();
  const browser = sip.transport === "ws";
  const size = sip.qr.length;
  return (
    <div className={css.account}>
      <dl>
        <dt>
          <Trans>User name</Trans>
        </dt>
        <dd>
          <code>{sip.username}</code>
        </dd>
        <dt>
          <Trans>Secret</Trans>
        </dt>
        <dd>
          <code>{sip.secret}</code>
        </dd>
        <dt>
          <Trans>Server</Trans>
        </dt>
        <dd>
          <code>{sip.address}</code>
        </dd>
        <dt>
          <Trans>Transport</Trans>
        </dt>
        <dd>
          {sip.transport.toUpperCase()}
          {sip.srtp && ", SRTP"}
        </dd>
      </dl>
      {size > 0 && (
        <figure>
          <svg
            role="img"
            aria-label={t`QR code of the account`}
            viewBox={`-4 -4 ${String(size + 8)} ${String(size + 8)}`}
          >
            <path d={squares(sip.qr)} fill="#000" shapeRendering="crispEdges" />
          </svg>
          <figcaption>
            <Trans>Scan it with a SIP app that reads accounts from QR codes, such as GS Wave.</Trans>
          </figcaption>
        </figure>
      )}
      <p>
        {browser ? (
          <Trans>The operator logs in and is available: the page is the phone. Nothing need be entered by hand.</Trans>
        ) : (
          <Trans>Enter it into the phone now: the secret is not shown again.</Trans>
        )}
      </p>
    </div>
  );
}

function squares(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) => [...row].map((one, x) => (one === "1" ? `M${String(x)} ${String(y)}h1v1h-1z` : "")))
    .join("");
}
