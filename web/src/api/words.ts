import { t } from "@lingui/core/macro";
import { queryOptions } from "@tanstack/react-query";

import type { Language } from "@/texts/languages";

import { api } from "./client";
import type { components } from "./contract";
import { Refused, type Problem } from "./refused";

/** One thing that the service remarks on its own work, such as why a row of a file is rejected. */
export type Remark = components["schemas"]["RowFault"];
type Texts = ReadonlyMap<string, Record<Language, string>>;

let known: Promise<Texts> | null = null;

export const problemTextsQuery = queryOptions({
  queryKey: ["problem-codes"],
  queryFn: () => problemTexts(),
  staleTime: Infinity,
});

/** Why something was not done, as a sentence in a language; texts come from the service, by the error's code. */
export async function words(error: unknown, language: Language): Promise<string> {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 0) return t`The service does not answer. Try again in a moment.`;
  if (error.problem === null) return t`The service failed. Try again in a moment.`;
  return wordsOf(error.problem, await problemTexts(), language);
}

/** What is wrong with each field that a refusal names, by its path in the request; none for any other error. */
export async function fieldWords(error: unknown, language: Language): Promise<{ where: string; words: string }[]> {
  if (!(error instanceof Refused) || !error.problem?.errors?.length) return [];
  const texts = await problemTexts();
  return error.problem.errors.map((one) => ({
    where: one.where,
    words: sentence(textOf(one, one.what, texts, language)),
  }));
}

/** A problem in a language, with each field that does not fit; in English where its code is not known. */
export function wordsOf(problem: Problem, texts: Texts, language: Language): string {
  const fields = problem.errors?.map((one) => textOf(one, one.what, texts, language)) ?? [];
  const said = new Set([textOf(problem, problem.detail || problem.title, texts, language), ...fields]);
  return [...said].map(sentence).join(" ");
}

/** Remarks in a language, as sentences; in English where a code is not known. */
export function remarksOf(remarks: readonly Remark[], texts: Texts, language: Language): string {
  return remarks.map((one) => sentence(textOf(one, one.what, texts, language))).join(" ");
}

function textOf(said: { code?: string; params?: object }, otherwise: string, texts: Texts, language: Language): string {
  return filled(texts.get(said.code ?? "")?.[language], said.params ?? {}) ?? otherwise;
}

function filled(text: string | undefined, params: object): string | undefined {
  const values = new Map<string, unknown>(Object.entries(params));
  return text?.replace(/\{(\w+)\}/g, (_, name: string) => [values.get(name) ?? ""].flat().join(", "));
}

function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

async function problemTexts(): Promise<Texts> {
  known ??= load();
  try {
    return await known;
  } catch {
    known = null; // asked again at the next error
    return new Map();
  }
}

async function load(): Promise<Texts> {
  const { data } = await api.GET("/api/v1/problem-codes");
  if (!data) throw new Refused(null, 0);
  return new Map(data.map((one) => [one.code, one.texts as Record<Language, string>]));
}
