import { describe, expect, it } from "vitest";

import type { Problem } from "./refused";
import { remarksOf, wordsOf, type Remark } from "./words";

const TEXTS = new Map([
  ["queue.unknown", { en: "there is no queue {queue}", et: "järjekorda {queue} ei ole", ru: "нет очереди {queue}" }],
  ["field.short", { en: "too short", et: "liiga lühike", ru: "слишком коротко" }],
]);
const problem = {
  title: "Not Found",
  status: 404,
  type: "",
  detail: "there is no queue x",
  code: "queue.unknown",
  params: { queue: "x" },
} as Problem;

describe("remarks on rows", () => {
  it("are sentences in the reader's language", () => {
    const remarks: Remark[] = [
      { what: "too short", code: "field.short", params: {} },
      { what: "there is no queue x", code: "queue.unknown", params: { queue: "x" } },
    ];
    expect(remarksOf(remarks, TEXTS, "et")).toBe("Liiga lühike. Järjekorda x ei ole.");
  });
});

describe("words of a problem", () => {
  it("are in the reader's language, with the values filled in", () => {
    expect(wordsOf(problem, TEXTS, "et")).toBe("Järjekorda x ei ole.");
    expect(wordsOf(problem, TEXTS, "ru")).toBe("Нет очереди x.");
  });

  it("are the service's own where the code is not known", () => {
    expect(wordsOf({ ...problem, code: "new.code" }, TEXTS, "et")).toBe("There is no queue x.");
  });

  it("name each field", () => {
    const errors = [{ where: "body.name", what: "short", code: "field.short" }];
    expect(wordsOf({ ...problem, errors }, TEXTS, "et")).toBe("Järjekorda x ei ole. Liiga lühike.");
  });

  it("say one thing once", () => {
    const errors = [{ where: "body.name", what: "short", code: "field.short" }];
    expect(wordsOf({ ...problem, code: "field.short", errors }, TEXTS, "et")).toBe("Liiga lühike.");
  });
});
