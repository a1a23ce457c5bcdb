import type { Language } from "@/texts/languages";

import type { Answer, Question, Response } from "./responses";

/** Something that answers a question by one click or one key. */
export interface Choice {
  value: string | number;
  text: string;
  /** The key that chooses it; empty: there is none left. */
  key: string;
}

const TEN = "+"; // one key for the ten of "0 to 10"

/** What a question lets choose from; none where the answer is typed. */
export function choicesOf(question: Question, language: string): Choice[] {
  if (question.kind === "choice") {
    return question.options.map((option, at) => ({
      value: option.code,
      text: textOf(option.texts, language),
      key: at < 9 ? String(at + 1) : "",
    }));
  }
  if (question.kind !== "scale" && question.kind !== "nps") return [];
  const low = question.kind === "nps" ? 0 : Number(question.low ?? 1);
  const high = question.kind === "nps" ? 10 : Number(question.high ?? 5);
  return Array.from({ length: high - low + 1 }, (_, at) => {
    const value = low + at;
    return { value, text: String(value), key: value === 10 ? TEN : value >= 0 && value < 10 ? String(value) : "" };
  });
}

/** A text in the language that the survey is asked in; in another where it lacks that. */
export function textOf(texts: Partial<Record<Language, string>>, language: string): string {
  return texts[language as Language] ?? Object.values(texts)[0] ?? "";
}

/** An answer as it is read back. */
export function answerText(question: Question | undefined, value: Answer, language: string): string {
  if (value === null) return "–";
  const codes = Array.isArray(value) ? value : [value];
  return codes
    .map((code) => {
      const option = question?.options.find((one) => one.code === code);
      return option ? textOf(option.texts, language) : String(code);
    })
    .join(", ");
}

/** The question that is asked: the one to be corrected, or the next; undefined: none is left. */
export function askedOf(response: Response, corrects: string | null): Question | undefined {
  const code = corrects ?? response.next;
  return response.questions.find((one) => one.code === code);
}
