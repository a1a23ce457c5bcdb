import createClient from "openapi-fetch";

import type { paths } from "./contract";
import { Refused, type Problem } from "./refused";

/** The interface of the service, with the types of its contract. */
export const api = createClient<paths>({ cache: "no-store" });

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * What a request is answered with.
 *
 * @throws Refused where the service refuses, fails or does not answer.
 */
export async function answer<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  return (await answerWithTag(asked)).data;
}

/** As `answer`, with the tag that the next change of the same thing has to name. */
export async function answerWithTag<Data>(asked: Promise<Answer<Data>>): Promise<{ data: Data; tag: string }> {
  const { data, error, response } = await asked.catch((): Answer<Data> => {
    throw new Refused(null, 0);
  });
  if (!response.ok) throw new Refused(isProblem(error) ? error : null, response.status);
  return { data: data as Data, tag: response.headers.get("ETag") ?? "" };
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "title" in error;
}
