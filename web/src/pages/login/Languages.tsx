import { useLingui } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";

import { LANGUAGES, type Language } from "@/texts/languages";
import { choose, useLanguage } from "@/texts/speaking";

import css from "./login.module.css";

/** The language before anybody has logged in. */
export function Languages() {
  const { t } = useLingui();
  const language = useLanguage();
  return (
    <div role="group" aria-label={t`Language`} className={css.languages}>
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <UnstyledButton key={one} lang={one} aria-pressed={one === language} onClick={() => void choose(one)}>
          {LANGUAGES[one]}
        </UnstyledButton>
      ))}
    </div>
  );
}
