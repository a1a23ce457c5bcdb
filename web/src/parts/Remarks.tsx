import { useQuery } from "@tanstack/react-query";

import { problemTextsQuery, remarksOf, type Remark } from "@/api/words";
import { useLanguage } from "@/texts/speaking";

/** What the service remarks on a file or a row of it, in the language of the page. */
export function Remarks({ of, otherwise = "" }: { of: readonly Remark[]; otherwise?: string }) {
  const language = useLanguage();
  const texts = useQuery(problemTextsQuery).data;
  if (of.length === 0) return <span lang="en">{otherwise}</span>; // an earlier version kept the words alone
  return <>{texts && remarksOf(of, texts, language)}</>;
}
