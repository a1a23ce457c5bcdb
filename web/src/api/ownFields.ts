import { queryOptions, useQuery } from "@tanstack/react-query";

import { useLanguage } from "@/texts/speaking";

import { answer, api } from "./client";
import { useMay } from "./session";

const ownFieldsQuery = queryOptions({
  queryKey: ["contact-fields"],
  queryFn: () => answer(api.GET("/api/v1/contact-fields")),
});

/** What a centre's own fields of contacts are called in the reader's language, by code; a code that is unknown is itself. */
export function useOwnFieldTitles(): (code: string) => string {
  const language = useLanguage();
  const { data } = useQuery({ ...ownFieldsQuery, enabled: useMay("contacts.read") });
  return (code) => data?.find((one) => one.code === code)?.titles[language] ?? code;
}
