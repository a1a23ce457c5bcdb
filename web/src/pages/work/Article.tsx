import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { articleQuery } from "@/api/queries";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import knowledgeCss from "./knowledge.module.css";
import css from "./work.module.css";

interface Props {
  id: number;
  /** The language to show it in, where it has that. */
  language: string;
  /** The call in which it is read; null: none. */
  call: string | null;
  /** What was searched for; empty: nothing. */
  question: string;
  close: () => void;
}

/** One article, and whether it helped: the next search ranks by that. */
export function Article({ id, language, call, question, close }: Props) {
  const { t } = useLingui();
  const article = useQuery(articleQuery(id));
  const say = useMutation({
    mutationFn: (helped: boolean) =>
      answer(api.POST("/api/v1/articles/{id}/answers", { params: { path: { id } }, body: { helped, question, call } })),
  });
  const text = article.data && (article.data.texts[language] ?? Object.values(article.data.texts)[0]);
  return (
    <Section
      title={text?.title ?? <Trans>Article</Trans>}
      icon="article"
      aside={
        <ActionIcon variant="subtle" color="gray" aria-label={t`Back to the list`} onClick={close}>
          <Icon name="close" />
        </ActionIcon>
      }
    >
      <Trouble error={article.error ?? say.error} />
      {article.isPending && <Waiting lines={5} />}
      {text && (
        <>
          {/* The service has made this safe: no scripts, no styles, no pictures. */}
          <div className={knowledgeCss.article} dangerouslySetInnerHTML={{ __html: text.html }} />
          {say.isSuccess ? (
            <p role="status" className={css.about}>
              <Trans>Thank you: the next search knows.</Trans>
            </p>
          ) : (
            <div className={css.buttons}>
              <Button
                size="compact-sm"
                variant="light"
                color="teal.9"
                leftSection={<Icon name="check" size={15} />}
                onClick={() => {
                  say.mutate(true);
                }}
              >
                <Trans>It helped</Trans>
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  say.mutate(false);
                }}
              >
                <Trans>It did not help</Trans>
              </Button>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
