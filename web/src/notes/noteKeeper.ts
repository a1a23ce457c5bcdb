import { AGAIN_MS, Keeper, readKept } from "@/keeping/keeper";

/** What became of the text: `here` while it has no contact yet, or the service is away; `clash`: two have changed it. */
export type NoteState = "empty" | "saving" | "saved" | "here" | "refused" | "clash";

export interface Note {
  text: string;
  state: NoteState;
  /** Why the service refused it; null: it did not. */
  error: Error | null;
  /** What somebody else has made of the note meanwhile; null: nobody has. */
  theirs: string | null;
}

/** A note that the service has. */
interface Stored {
  id: number;
  /** Names what the next change is made to. */
  tag: string;
  contact: number;
}

/** A note that was sent, and may have arrived: it is sent again as it was, under its key, and written once. */
interface Sent {
  key: string;
  contact: number;
  text: string;
}

interface Draft {
  text: string;
  contact: number | null;
  /** The text that the service has; empty: none. */
  saved: string;
  stored: Stored | null;
  sent: Sent | null;
  /** The texts that changes were sent with and not answered: one of them may have arrived. */
  tried: string[];
}

const EMPTY: Draft = { text: "", contact: null, saved: "", stored: null, sent: null, tried: [] };

/** Where notes go. */
export interface Desk {
  add: (contact: number, text: string, call: string, key: string) => Promise<{ id: number; tag: string }>;
  change: (stored: Stored, text: string) => Promise<string>;
  withdraw: (stored: Stored) => Promise<void>;
  /** The note as it is now; null: it was withdrawn. */
  load: (stored: Stored) => Promise<{ text: string; tag: string } | null>;
  /** Whether sending again may help. */
  passes: (error: unknown) => boolean;
  /** Whether somebody else has changed the note, or withdrawn it. */
  isPassed: (error: unknown) => boolean;
}

export const PAUSE_MS = 700; // of typing, before the text is sent
const TRIED_MOST = 50;

/**
 * Keeps what an operator types about a call. A note belongs to a contact; until somebody has picked one, it is kept in the
 * browser alone.
 */
export class NoteKeeper extends Keeper<Draft, Note> {
  protected shown: Note;
  private sending = false;
  private theirs: { text: string; tag: string } | null = null;

  constructor(
    place: string,
    call: string,
    private readonly desk: Desk,
    storage: Storage,
  ) {
    super(place, call, storage, EMPTY);
    this.shown = { text: this.kept.text, state: this.restingState(), error: null, theirs: null };
    if (this.isWanting()) this.soon(0);
  }

  type(text: string): void {
    this.keep({ text });
    this.show(this.theirs ? "clash" : this.restingState());
    if (this.isWanting()) this.soon(PAUSE_MS);
  }

  /** Settles what two have changed: with mine, with theirs, or with both in one. */
  settle(text: string): void {
    const { stored } = this.kept;
    if (this.theirs === null || stored === null) return;
    this.keep({ text, saved: this.theirs.text, stored: { ...stored, tag: this.theirs.tag }, tried: [] });
    this.theirs = null;
    this.show(this.restingState());
    if (this.isWanting()) this.soon(0);
  }

  /** Says whom the note is about; null: nobody knows yet. */
  about(contact: number | null): void {
    if (contact === null || contact === this.kept.contact) return;
    this.keep({ contact });
    this.show(this.restingState());
    if (this.isWanting()) this.soon(0);
  }

  protected isWanting(): boolean {
    return isDue(this.kept);
  }

  private restingState(): NoteState {
    const { text, contact, stored, sent } = this.kept;
    if (text.trim() === "" && stored === null && sent === null) return "empty";
    if (contact === null) return "here";
    return this.isWanting() ? "saving" : "saved";
  }

  protected async send(): Promise<void> {
    if (this.sending || this.theirs !== null || !this.isWanting()) return;
    this.sending = true;
    try {
      await this.sendOnce().catch((error: unknown) => this.compare(error));
      this.show(this.theirs ? "clash" : this.restingState());
      if (this.theirs !== null) return;
      if (this.isWanting()) this.soon(PAUSE_MS);
      else if (this.kept.text.trim() === "") this.remove();
    } catch (error) {
      if (this.desk.passes(error)) {
        this.show("here");
        this.soon(AGAIN_MS);
      } else {
        this.keep({ sent: null });
        this.show("refused", error as Error);
      }
    } finally {
      this.sending = false;
    }
  }

  private async sendOnce(): Promise<void> {
    const { text, contact, stored, sent } = this.kept;
    if (contact === null) return;
    if (stored !== null && (stored.contact !== contact || text.trim() === "")) {
      await this.desk.withdraw(stored);
      this.keep({ stored: null, saved: "" });
    } else if (stored !== null) {
      this.keep({ tried: [...this.kept.tried, text].slice(-TRIED_MOST) });
      this.keep({ stored: { ...stored, tag: await this.desk.change(stored, text) }, saved: text, tried: [] });
    } else {
      const now = sent ?? { key: crypto.randomUUID(), contact, text };
      this.keep({ sent: now });
      const added = await this.desk.add(now.contact, now.text, this.call, now.key);
      this.keep({ stored: { ...added, contact: now.contact }, saved: now.text, sent: null });
    }
  }

  /** Somebody else has changed the note meanwhile: looks what it is now, and lets the person choose where both differ. */
  private async compare(error: unknown): Promise<void> {
    const { stored, saved, text, tried } = this.kept;
    if (stored === null || !this.desk.isPassed(error)) throw error;
    const now = await this.desk.load(stored);
    if (now === null) this.keep({ stored: null, saved: "" });
    else if ([saved, text, ...tried].includes(now.text)) {
      this.keep({ stored: { ...stored, tag: now.tag }, saved: now.text });
    } else this.theirs = now;
  }

  private show(state: NoteState, error: Error | null = null): void {
    this.tell({ text: this.kept.text, state, error, theirs: this.theirs?.text ?? null });
  }
}

function isDue({ text, saved, contact, stored, sent }: Draft): boolean {
  if (contact === null) return false;
  if (sent !== null) return true;
  return text.trim() === "" ? stored !== null : text !== saved || stored?.contact !== contact;
}

/** Whether a draft in the browser's storage has nothing that the service lacks. */
export function isSaved(kept: string): boolean {
  const draft = readKept(kept, EMPTY);
  return draft.contact !== null && !isDue(draft);
}
