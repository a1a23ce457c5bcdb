// What the page asks of the service, and what it says when the service refuses.

import { language, text } from "./texts.js";

let known = null; // the texts of each code of an error, once they were asked for

/** What the service refused, or that it does not answer, in the language of the page. */
export class Refused extends Error {
  constructor(words, code) {
    super(words);
    this.code = code; // for the page itself; empty where nothing answered
  }

  /** As a sentence that stands by itself. */
  get sentence() {
    return `${this.message.charAt(0).toLocaleUpperCase(language)}${this.message.slice(1)}${/[.!?]$/.test(this.message) ? "" : "."}`;
  }
}

/** A request to the interface; its answer, or `Refused`. */
export async function ask(method, path, body) {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    cache: "no-store",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  }).catch(() => null);
  if (answer?.status === 204) return null;
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) return said;
  throw new Refused(said?.title ? await wordsOf(said) : text("no_service"), said?.code ?? "");
}

/** A problem in the language of the page, with whatever fields do not fit; in English where it has no code. */
export async function wordsOf(problem) {
  const texts = await problemTexts();
  const say = (one, otherwise) =>
    texts
      .get(one.code)
      ?.[language].replace(/\{(\w+)\}/g, (_, name) => [one.params?.[name] ?? ""].flat().join(", ")) ?? otherwise;
  const fields = (problem.errors ?? []).map((one) => say(one, one.what));
  return [...new Set([say(problem, problem.detail || problem.title), ...fields])].join("; ");
}

async function problemTexts() {
  known ??= fetch("/api/v1/problem-codes")
    .then((answer) => answer.json())
    .then((codes) => new Map(codes.map((one) => [one.code, one.texts])));
  try {
    return await known;
  } catch {
    known = null; // asked again at the next error
    return new Map();
  }
}
