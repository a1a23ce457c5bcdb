import { useEffect, useState } from "react";

import { words } from "@/api/words";
import { useLanguage } from "@/texts/speaking";

import { Icon } from "./Icon";
import css from "./parts.module.css";

/** What went wrong, in the language of the page; nothing while nothing did. */
export function Trouble({ error }: { error: Error | null }) {
  const said = useWords(error);
  return (
    <div role="alert" className={css.trouble} hidden={!said}>
      <Icon name="complaint" size={16} />
      {said}
    </div>
  );
}

function useWords(error: Error | null): string {
  const language = useLanguage();
  const [said, setSaid] = useState<{ error: Error; words: string } | null>(null);
  useEffect(() => {
    let gone = false;
    if (error !== null) {
      void words(error, language).then((words) => {
        if (!gone) setSaid({ error, words });
      });
    }
    return () => {
      gone = true;
    };
  }, [error, language]);
  return said !== null && said.error === error ? said.words : "";
}
