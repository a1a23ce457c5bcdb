import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Empty } from "@/parts/Empty";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { Missing, type AnySubject, type Tagged } from "./subject";
import { SubjectForm } from "./SubjectForm";

/** Reads a thing, and shows its form. */
export function SubjectLoader({ subject, id }: { subject: AnySubject; id: string }) {
  const one = useQuery({
    queryKey: ["admin", subject.name, "one", id],
    queryFn: async () => (await subject.read?.(id)) as Tagged<unknown>,
    enabled: id !== "new",
    staleTime: 0,
  });
  if (id === "new") return <SubjectForm key={`${subject.name}.new`} subject={subject} id={id} start={null} />;
  if (one.error instanceof Missing) {
    return (
      <Empty>
        <Trans>There is no such thing any more.</Trans>
      </Empty>
    );
  }
  if (one.isError) return <Trouble error={one.error} />;
  if (one.isPending) return <Waiting lines={8} />;
  return <SubjectForm key={`${subject.name}.${id}`} subject={subject} id={id} start={one.data} />;
}
