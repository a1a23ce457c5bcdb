import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Empty } from "@/parts/Empty";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "./shape.module.css";
import { Missing, type AnySubject, type Tagged } from "./subject";
import { SubjectForm } from "./SubjectForm";

/** Reads a thing, and shows its form. */
export function SubjectLoader({ subject, id }: { subject: AnySubject; id: string }) {
  const { i18n } = useLingui();
  const one = useQuery({
    queryKey: ["admin", subject.name, "one", id],
    queryFn: async () => (await subject.read?.(id)) as Tagged<unknown>,
    enabled: id !== "new",
    staleTime: 0,
  });
  const begun = useQuery({
    queryKey: ["admin", subject.name, "begins"],
    queryFn: async () => (await subject.begins?.()) ?? {},
    enabled: id === "new" && subject.begins !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  if (id === "new" && subject.begins !== undefined && begun.isPending) return <Waiting lines={8} />;
  if (id === "new") {
    return <SubjectForm key={`${subject.name}.new`} subject={subject} id={id} start={null} begun={begun.data} />;
  }
  if (!one.isSuccess) {
    const missing = one.error instanceof Missing;
    return (
      <>
        <header className={css.top}>
          <h1>{i18n._(subject.title)}</h1>
        </header>
        {one.isPending && <Waiting lines={8} />}
        {missing ? (
          <Empty>
            <Trans>There is no such thing any more.</Trans>
          </Empty>
        ) : (
          <Trouble error={one.error} />
        )}
      </>
    );
  }
  return <SubjectForm key={`${subject.name}.${id}`} subject={subject} id={id} start={one.data} />;
}
