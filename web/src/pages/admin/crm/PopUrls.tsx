import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";

/** The queues whose calls open a page of another program when the phone rings. */
export function PopUrls() {
  const may = useMay("queues.write");
  const found = useQuery({
    queryKey: ["admin", "queues", "pop"],
    queryFn: () => answer(api.GET("/api/v1/queues")),
    enabled: may,
  });
  if (!may) return null;
  const queues = found.data ?? [];
  const with_ = queues.filter((one) => one.pop_url);
  const variables = "{crm_url}";
  return (
    <Section title={<Trans>Pages that open when a phone rings</Trans>} count={with_.length} className={shape.below}>
      <p className={shape.hint}>
        <Trans>Each queue has an address of its own. {variables} is the caller's page as the CRM above tells it.</Trans>
      </p>
      <Trouble error={found.error} />
      {found.isSuccess && with_.length === 0 && (
        <Empty>
          <Trans>No queue opens a page. Enter an address in a queue.</Trans>
        </Empty>
      )}
      <ul className={shape.uses}>
        {queues.map((one) => (
          <li key={one.id}>
            <Link to="/admin/$subject/$id" params={{ subject: "queues", id: one.id }}>
              {one.title}
            </Link>
            {one.pop_url ? <code>{one.pop_url}</code> : <Trans>opens nothing</Trans>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
