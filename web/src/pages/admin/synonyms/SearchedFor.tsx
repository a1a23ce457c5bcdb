import { Shipped } from "./Shipped";
import { Unanswered } from "./Unanswered";

/** What the search lacks, and what it knows already. */
export function SearchedFor() {
  return (
    <>
      <Unanswered />
      <Shipped />
    </>
  );
}
