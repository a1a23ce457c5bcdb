import { Trans } from "@lingui/react/macro";

import { useMay } from "@/api/session";

import shape from "../shape/shape.module.css";
import css from "./consents.module.css";
import { Kept } from "./Kept";
import { Lists } from "./Lists";
import { WriteDown } from "./WriteDown";

/** Who may be called and who may not: written down, looked up, ended with a reason, and brought in from lists. */
export function ConsentsPage() {
  const manages = useMay("consents.manage");
  const writes = useMay("consents.write");
  return (
    <div className={css.page}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Do-not-call and consents</Trans>
          </h1>
          <p>
            <Trans>
              A do-not-call holds at once and in every campaign: each dial looks here again. It outweighs every consent.
            </Trans>
          </p>
        </div>
      </header>
      {writes && <WriteDown />}
      {manages && <Kept />}
      {manages && <Lists />}
    </div>
  );
}
