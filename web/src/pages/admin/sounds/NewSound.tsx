import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";
import type { Kept } from "./keeping";
import { fit, nameOf } from "./wav";

interface Props {
  /** The names that there are. */
  taken: readonly string[];
  pending: boolean;
  error: Error | null;
  bring: (sound: Kept) => void;
}

/** A sound file that is brought: the browser makes it fit for the PBX. */
export function NewSound({ taken, pending, error, bring }: Props) {
  const { t } = useLingui();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (file) bring({ name, title, content: await fit(file) });
  };
  return (
    <Section title={<Trans>A new sound</Trans>}>
      <form onSubmit={(event) => void submit(event)}>
        <div className={shape.fields}>
          <FileInput
            label={t`File`}
            description={t`Any that the browser can play, such as WAV or MP3, of about a minute at most.`}
            placeholder={t`choose`}
            accept="audio/*"
            required
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              if (chosen && !name) setName(nameOf(chosen.name));
            }}
          />
          <TextInput
            label={t`Name`}
            description={
              taken.includes(name) ? t`It takes the place of the sound of this name.` : t`Letters, digits and dashes.`
            }
            required
            maxLength={60}
            pattern="[A-Za-z0-9][A-Za-z0-9_\-]*"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <TextInput
            label={t`What is said in it`}
            description={t`So that others need not play it.`}
            maxLength={200}
            value={title}
            onChange={(event) => {
              setTitle(event.currentTarget.value);
            }}
          />
        </div>
        <Trouble error={error} />
        <div className={shape.buttons}>
          <Button type="submit" loading={pending} disabled={!file}>
            <Trans>Bring it in</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}
