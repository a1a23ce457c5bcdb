import { describe, expect, it } from "vitest";

import { read, Unreadable } from "./read";

const file = (text: string) => ({ text: () => Promise.resolve(text) }) as Blob;

describe("a chosen file", () => {
  it("is read as it stands; what it says is the service's to judge", async () => {
    expect(await read(file('{"form": 1, "queues": [{"id": "help"}]}'))).toEqual({ form: 1, queues: [{ id: "help" }] });
  });

  it.each(["", "queues:", "[]", "null", '"x"'])("that is no configuration is refused: %j", async (text) => {
    await expect(read(file(text))).rejects.toBeInstanceOf(Unreadable);
  });
});
