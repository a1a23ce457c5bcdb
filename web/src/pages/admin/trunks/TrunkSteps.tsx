import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Section } from "@/parts/Section";

import shape from "../shape/shape.module.css";
import css from "./trunks.module.css";

/** How a trunk is set up: what is done in the PBX's files, and what here. */
export function TrunkSteps() {
  return (
    <Section title={<Trans>A new trunk</Trans>}>
      <ol className={css.steps}>
        <li>
          <Trans>On the PBX's machine give the carrier's endpoint in “pjsip.conf” these lines:</Trans>
          <pre className={shape.secret}>
            {["context=keskus-inbound", "allow_transfer=no", "direct_media=no", "identify_by=ip"].join("\n")}
          </pre>
          <Trans>
            The last one is for a carrier without a password: it is known by its addresses alone, in a section
            “type=identify”.
          </Trans>
        </li>
        <li>
          <Trans>
            For calls outside, set “KESKUS_TRUNK” to the endpoint's name, in “[globals]” of “extensions.conf”, or the
            setting “outgoing.trunk” below.
          </Trans>
        </li>
        <li>
          <Link to="/admin/$subject" params={{ subject: "numbers" }}>
            <Trans>Enter the numbers that the carrier sends, and where each leads</Trans>
          </Link>
        </li>
        <li>
          <Link to="/admin/health">
            <Trans>
              Check the installation: endpoints that are open to strangers are named, and what else is missing
            </Trans>
          </Link>
        </li>
      </ol>
    </Section>
  );
}
