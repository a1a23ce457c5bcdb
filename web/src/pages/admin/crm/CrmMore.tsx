import { CrmReports } from "./CrmReports";
import { TryNumber } from "./TryNumber";

/** What can be tried with a CRM, and what it was told of calls. */
export function CrmMore() {
  return (
    <>
      <TryNumber />
      <CrmReports />
    </>
  );
}
