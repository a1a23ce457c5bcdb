import { Article } from "@/pages/work/Article";
import { useLanguage } from "@/texts/speaking";

/** An article, read outside of a call or beside one. */
export function ArticleLook({ id, close }: { id: number; close: () => void }) {
  return <Article id={id} language={useLanguage()} call={null} question="" close={close} />;
}
