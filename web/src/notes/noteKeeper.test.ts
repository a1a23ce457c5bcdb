import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AGAIN_MS } from "@/keeping/keeper";

import { isSaved, NoteKeeper, PAUSE_MS, type Desk } from "./noteKeeper";

/** A service that keeps notes, may be away, and counts how often it was asked. */
class Service implements Desk {
  readonly notes = new Map<number, { contact: number; text: string; tag: number }>();
  away = false;
  /** The service does what it is asked, and its answers are lost. */
  mute = false;
  refuses = false;
  asked = 0;
  private readonly keys = new Map<string, number>();

  async add(contact: number, text: string, _call: string, key: string) {
    await this.answer();
    const id = this.keys.get(key) ?? this.notes.size + 1;
    this.keys.set(key, id);
    if (!this.notes.has(id)) this.notes.set(id, { contact, text, tag: 1 });
    if (this.mute) throw new Error("lost");
    return { id, tag: "1" };
  }

  async change({ id, tag }: { id: number; tag: string }, text: string) {
    await this.answer();
    const note = this.notes.get(id);
    if (note === undefined || String(note.tag) !== tag) throw new Error("changed meanwhile");
    this.notes.set(id, { ...note, text, tag: note.tag + 1 });
    if (this.mute) throw new Error("lost");
    return String(note.tag + 1);
  }

  async withdraw({ id }: { id: number }) {
    await this.answer();
    this.notes.delete(id);
  }

  async load({ id }: { id: number }) {
    await this.answer();
    const note = this.notes.get(id);
    return note === undefined ? null : { text: note.text, tag: String(note.tag) };
  }

  isPassed(error: unknown) {
    return error instanceof Error && error.message === "changed meanwhile";
  }

  /** Somebody else changes the only note. */
  byOther(text: string) {
    const note = this.notes.get(1);
    if (note) this.notes.set(1, { ...note, text, tag: note.tag + 1 });
  }

  passes() {
    return this.away || this.mute;
  }

  get texts() {
    return [...this.notes.values()].map((one) => `${String(one.contact)}: ${one.text}`);
  }

  private answer() {
    this.asked += 1;
    return this.away || this.refuses ? Promise.reject(new Error("not now")) : Promise.resolve();
  }
}

describe("a note about a call", () => {
  let service: Service;
  const open = () => new NoteKeeper("note", "call-1", service, localStorage);

  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    service = new Service();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is sent a moment after the last letter, once", async () => {
    const note = open();
    note.about(4);
    for (const text of ["A", "Ar", "Arve"]) {
      note.type(text);
      await vi.advanceTimersByTimeAsync(PAUSE_MS / 2);
    }
    expect(service.asked).toBe(0);
    expect(note.read().state).toBe("saving");
    expect(isSaved(localStorage.getItem("note") ?? "")).toBe(false);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve"]);
    expect(note.read().state).toBe("saved");
    expect(isSaved(localStorage.getItem("note") ?? "")).toBe(true);
    note.type("Arve kadus");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve kadus"]);
  });

  it("is kept here until somebody says whom it is about", async () => {
    const note = open();
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([service.asked, note.read().state]).toEqual([0, "here"]);
    note.about(4);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve"]);
  });

  it("outlives a reload, sent or not", async () => {
    open().type("Arve");
    const after = open();
    expect(after.read()).toMatchObject({ text: "Arve", state: "here" });
    after.about(4);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    const later = open();
    expect(later.read().state).toBe("saved");
    later.type("Arve leitud");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve leitud"]);
  });

  it("is sent again until a service that was away answers, and is there once", async () => {
    service.away = true;
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS + 3 * AGAIN_MS);
    expect(service.asked).toBe(4);
    expect(note.read()).toMatchObject({ state: "here", text: "Arve" });
    service.away = false;
    await vi.advanceTimersByTimeAsync(AGAIN_MS);
    expect(service.texts).toEqual(["4: Arve"]);
    expect(note.read().state).toBe("saved");
  });

  it("is written once where the answer was lost, though more was typed since", async () => {
    service.mute = true;
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    note.type("Arve kadus");
    service.mute = false;
    await vi.advanceTimersByTimeAsync(AGAIN_MS + 2 * PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve kadus"]);
    expect(note.read().state).toBe("saved");
  });

  it("is not sent in the name of whoever logs in next", async () => {
    service.away = true;
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    note.stop();
    service.away = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.texts).toEqual([]);
    note.resume();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve"]);
  });

  it("says so when it is refused, and keeps the text", async () => {
    service.refuses = true;
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.asked).toBe(1);
    expect(note.read()).toMatchObject({ state: "refused", text: "Arve" });
    expect(note.read().error).not.toBeNull();
    service.refuses = false;
    note.type("Arve!");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve!"]);
  });

  it("follows when another contact is picked", async () => {
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    note.about(9);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual(["9: Arve"]);
  });

  it("is withdrawn when it is emptied, and then forgotten here", async () => {
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    note.type("");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual([]);
    expect(localStorage.getItem("note")).toBeNull();
    expect(note.read().state).toBe("empty");
  });

  const saved = async () => {
    const note = open();
    note.about(4);
    note.type("Arve");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    return note;
  };

  it.each([
    ["mine", "Arve leitud", "4: Arve leitud"],
    ["theirs", "Arve saadetud", "4: Arve saadetud"],
    ["both", "Arve saadetud\nArve leitud", "4: Arve saadetud\nArve leitud"],
  ])("stands beside what somebody else has made of it, until one keeps %s", async (_, kept, at) => {
    const note = await saved();
    service.byOther("Arve saadetud");
    note.type("Arve leitud");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(note.read()).toMatchObject({ state: "clash", text: "Arve leitud", theirs: "Arve saadetud" });
    expect(service.texts).toEqual(["4: Arve saadetud"]);
    note.settle(kept);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(service.texts).toEqual([at]);
    expect(note.read()).toMatchObject({ state: "saved", theirs: null });
  });

  it("is not taken for somebody else's where the answer to a change was lost", async () => {
    const note = await saved();
    service.mute = true;
    note.type("Arve le");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    note.type("Arve leitud");
    service.mute = false;
    await vi.advanceTimersByTimeAsync(AGAIN_MS + 2 * PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve leitud"]);
    expect(note.read().state).toBe("saved");
  });

  it("is written anew where somebody else has withdrawn it", async () => {
    const note = await saved();
    service.notes.delete(1);
    note.type("Arve leitud");
    await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);
    expect(service.texts).toEqual(["4: Arve leitud"]);
  });
});
