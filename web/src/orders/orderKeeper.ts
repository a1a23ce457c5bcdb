/**
 * Keeps an order that is being typed: in the browser with each letter, at the service a moment later.
 *
 * The service has the draft and its prices; the browser has what the service lacks. Nothing is lost by a reload, a fault
 * or a service that is away, and an order is placed once, however often that is asked.
 */

import type { components } from "@/api/contract";
import { AGAIN_MS, Keeper, readKept } from "@/keeping/keeper";

import { isQuantity, plainQuantity } from "./quantity";

export type Order = components["schemas"]["OrderOut"];

export interface Line {
  product: number;
  /** As typed; what is no quantity stays in the browser until it is one. */
  quantity: string;
}

/** What a person types into an order. */
export interface Typed {
  lines: Line[];
  address: string;
  comment: string;
  wished_at: string | null;
  contact: number | null;
}

export type Field = keyof Typed;

/** An order as the service has it, with the tag that the next change of it has to name. */
export interface Told {
  order: Order;
  tag: string;
}

/** Where orders go. */
export interface Desk {
  begin: (typed: Partial<Typed>, call: string, key: string) => Promise<Told>;
  load: (id: number) => Promise<Told>;
  change: (id: number, tag: string, typed: Partial<Typed>) => Promise<Told>;
  place: (id: number, tag: string) => Promise<Told>;
  cancel: (id: number, tag: string, reason: string) => Promise<Told>;
  repeat: (id: number, call: string, key: string) => Promise<Told>;
  discard: (id: number, tag: string) => Promise<void>;
  /** Whether sending again may help. */
  passes: (error: unknown) => boolean;
  /** Whether somebody else has changed the order meanwhile. */
  isPassed: (error: unknown) => boolean;
}

/** `here`: kept in the browser, because the service is away, or because a quantity is not one yet. */
export type DraftState = "none" | "empty" | "loading" | "saving" | "saved" | "here" | "refused";

/** A field that somebody else has changed while it was typed here. */
export interface Clash {
  field: Field;
  mine: Typed[Field];
  theirs: Typed[Field];
}

export interface Shown {
  state: DraftState;
  /** As the service told it last; null: it has none yet. */
  order: Order | null;
  typed: Typed;
  clashes: readonly Clash[];
  /** What was asked and not done; null: nothing. */
  error: Error | null;
  /** A placing, a cancelling or a repeating is under way. */
  busy: boolean;
  /** A draft that was thrown away a moment ago, and can be had back; null: none. */
  thrown: Typed | null;
}

interface Kept {
  /** An order is open here: begun, or about to be. */
  open: boolean;
  id: number | null;
  /** What the service lacks. */
  unsent: Partial<Typed>;
  /** What those fields were at the service when their typing began. */
  base: Partial<Typed>;
  /** The beginning of the draft, which may have arrived: it is sent again as it was, under its key. */
  sent: { key: string; typed: Partial<Typed> } | null;
  /** What changes were sent with and not answered: one of them may have arrived. */
  tried: Partial<Typed>[];
}

const NOTHING: Kept = { open: false, id: null, unsent: {}, base: {}, sent: null, tried: [] };
const BLANK: Typed = { lines: [], address: "", comment: "", wished_at: null, contact: null };

export const PAUSE_MS = 400; // of typing, before it is sent: prices follow what is typed
const TRIED_MOST = 50;

export class OrderKeeper extends Keeper<Kept, Shown> {
  protected shown: Shown;
  private told: Told | null = null;
  private clashes: readonly Clash[] = [];
  private contact: number | null = null;
  private thrown: Typed | null = null;
  private running: Promise<void> | null = null;
  private busy = false;
  /** Why nothing could be sent last; null: it could. */
  private away: Error | null = null;

  constructor(
    place: string,
    call: string,
    private readonly desk: Desk,
    storage: Storage,
  ) {
    super(place, call, storage, NOTHING);
    this.shown = this.seen("none", null);
    this.shown = this.seen(this.restingState(), null);
    if (this.kept.id !== null || this.isDue()) this.soon(0);
  }

  /** Opens a new order, which the service gets with the first thing that is typed; an open one stays. */
  begin(): void {
    if (this.kept.open) return;
    this.thrown = null;
    this.keep({ ...NOTHING, open: true });
    this.show(this.restingState());
  }

  /** Opens an order that there is: a draft to go on with, or a placed one to look at. */
  open(id: number): void {
    if (this.isDue()) return; // what is typed is sent first
    this.told = null;
    this.thrown = null;
    this.clashes = [];
    this.keep({ ...NOTHING, open: true, id });
    this.show(this.restingState());
    this.soon(0);
  }

  /** Puts the order aside: the service has it. */
  close(): void {
    if (this.isDue()) return;
    this.forget();
    this.show(this.restingState());
  }

  /** Says who orders; null: nobody knows yet. */
  about(contact: number | null): void {
    this.contact = contact;
    const known = this.told?.order;
    if (contact === null || !known?.may.includes("change") || known.contact !== null) return;
    this.type({ contact });
  }

  type(changes: Partial<Typed>): void {
    const base = { ...this.kept.base };
    for (const field of fieldsOf(changes)) {
      if (!(field in base)) Object.assign(base, { [field]: this.atService()[field] });
    }
    this.thrown = null;
    this.keep({ unsent: { ...this.kept.unsent, ...changes }, base });
    this.show(this.restingState());
    if (this.isDue()) this.soon(PAUSE_MS);
  }

  /** Settles a field that two have changed: with mine, with theirs, or with both in one. */
  settle(field: Field, value: Typed[Field]): void {
    const theirs = this.atService()[field];
    const others = fieldsOf(this.kept.unsent).filter((one) => one !== field);
    const keeps = same(value, theirs) ? {} : { [field]: value };
    const unsent = { ...pick(this.kept.unsent, others), ...keeps };
    const base = { ...pick(this.kept.base, others), ...(field in keeps ? { [field]: theirs } : {}) };
    this.clashes = this.clashes.filter((one) => one.field !== field);
    this.keep({ unsent, base });
    this.show(this.restingState());
    if (this.isDue()) this.soon(0);
  }

  /** Places the order, once; what could not be had is in the draft's `problems`, and the draft is kept. */
  async place(): Promise<void> {
    await this.once(async () => {
      await this.flush();
      if (this.isDue() && this.away !== null) throw this.away;
      if (this.isDue() || this.clashes.length || this.told === null) return;
      const { order, tag } = this.told;
      if (order.state !== "draft") return;
      this.hear(await this.desk.place(order.id, tag));
    });
  }

  async cancel(reason: string): Promise<void> {
    await this.once(async () => {
      if (this.told !== null) this.hear(await this.desk.cancel(this.told.order.id, this.told.tag, reason));
    });
  }

  /** Opens a draft with the same products at today's prices. */
  async repeat(): Promise<void> {
    const key = crypto.randomUUID();
    await this.once(async () => {
      if (this.told === null) return;
      const told = await this.desk.repeat(this.told.order.id, this.call, key);
      this.keep({ ...NOTHING, open: true, id: told.order.id });
      this.hear(told);
      this.about(this.contact);
    });
  }

  /** Throws the draft away; until something else is typed it can be had back. */
  async discard(): Promise<void> {
    await this.once(async () => {
      const typed = this.shown.typed;
      clearTimeout(this.timer);
      await this.running;
      if (this.told !== null) await this.desk.discard(this.told.order.id, this.told.tag);
      this.forget();
      if (typed.lines.length || typed.address || typed.comment) this.thrown = typed;
    });
  }

  /** Begins the draft anew that was thrown away. */
  restore(): void {
    const typed = this.thrown;
    if (typed === null) return;
    this.begin();
    this.type(typed);
  }

  protected isWanting(): boolean {
    return this.isDue() || (this.kept.id !== null && this.told === null);
  }

  /** Asks for the order anew: somebody has changed it, or what it is made of. */
  refresh(): void {
    if (this.kept.id === null || this.isDue() || this.busy) return;
    void this.load(this.kept.id).then(
      () => {
        this.show(this.restingState());
      },
      () => undefined, // what is shown stays until the service answers
    );
  }

  private async once(what: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.show(this.restingState());
    let failed: Error | null = null;
    try {
      await what();
    } catch (error) {
      failed = error as Error;
      if (this.kept.id !== null && !this.desk.passes(error)) await this.load(this.kept.id).catch(() => undefined);
    } finally {
      this.busy = false;
      this.show(this.restingState(), failed);
    }
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    if (this.isDue()) await this.send();
  }

  protected async send(): Promise<void> {
    await this.running;
    this.running = this.sendNow();
    await this.running;
    this.running = null;
  }

  private async sendNow(): Promise<void> {
    try {
      await this.sendOnce();
      this.away = null;
      this.show(this.restingState());
      if (this.isDue() && this.clashes.length === 0) this.soon(PAUSE_MS);
    } catch (error) {
      this.away = error as Error;
      if (this.desk.passes(error)) {
        this.show("here", null);
        this.soon(AGAIN_MS);
      } else {
        this.keep({ sent: null });
        this.show("refused", error as Error);
      }
    }
  }

  private async sendOnce(): Promise<void> {
    if (this.clashes.length) return;
    if (this.kept.id === null) {
      if (!this.isDue()) return;
      const typed = this.kept.sent?.typed ?? { ...this.due(), contact: this.contact };
      const now = this.kept.sent ?? { key: crypto.randomUUID(), typed };
      this.keep({ sent: now });
      const told = await this.desk.begin(now.typed, this.call, now.key);
      this.keep({ id: told.order.id, sent: null });
      this.drop(now.typed);
      this.hear(told);
      return;
    }
    if (this.told === null) await this.load(this.kept.id);
    const told = this.told as Told | null;
    if (told === null || !this.isDue()) return;
    const now = this.due();
    try {
      this.keep({ tried: [...this.kept.tried, now].slice(-TRIED_MOST) });
      const changed = await this.desk.change(told.order.id, told.tag, now);
      this.keep({ tried: [] });
      this.drop(now);
      this.hear(changed);
    } catch (error) {
      if (this.desk.passes(error)) throw error;
      await this.load(told.order.id);
      if (!this.desk.isPassed(error)) throw error;
    }
  }

  private async load(id: number): Promise<void> {
    this.hear(await this.desk.load(id));
    this.about(this.contact);
  }

  /** Takes what the service told; what is typed here stays, and stands beside what others have changed of it. */
  private hear(told: Told): void {
    this.told = told;
    if (told.order.state !== "draft") {
      this.clashes = [];
      this.keep({ unsent: {}, base: {}, sent: null });
      return;
    }
    const theirs = typedOf(told.order);
    this.clashes = fieldsOf(this.kept.unsent).flatMap((field) => {
      const mine = this.kept.unsent[field] as Typed[Field];
      const was = this.kept.base[field];
      const tried = this.kept.tried.flatMap((one) => (field in one ? [one[field]] : []));
      const known = [was, mine, ...tried];
      const changed = !known.some((one) => same(theirs[field], one));
      return changed ? [{ field, mine, theirs: theirs[field] }] : [];
    });
  }

  private drop(sent: Partial<Typed>): void {
    const { unsent, base } = this.kept;
    const left = fieldsOf(unsent).filter((field) => !(field in sent) || !same(unsent[field], sent[field]));
    this.keep({
      unsent: pick(unsent, left),
      base: {
        ...pick(base, left),
        ...pick(
          sent,
          left.filter((field) => field in sent),
        ),
      },
    });
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.told = null;
    this.clashes = [];
    this.kept = NOTHING;
    this.remove();
  }

  /** What is to be sent: a line without a quantity waits for it. */
  private due(): Partial<Typed> {
    const due = { ...this.kept.unsent };
    if (due.lines) {
      if (due.lines.every((line) => isQuantity(line.quantity))) {
        due.lines = due.lines.map((line) => ({ ...line, quantity: plainQuantity(line.quantity) }));
      } else {
        delete due.lines;
      }
    }
    return due;
  }

  private isDue(): boolean {
    return this.kept.open && (this.kept.sent !== null || fieldsOf(this.due()).length > 0);
  }

  private atService(): Typed {
    return this.told === null ? BLANK : typedOf(this.told.order);
  }

  private restingState(): DraftState {
    const { open, id, unsent } = this.kept;
    if (!open) return "none";
    if (this.isDue()) return "saving";
    if (fieldsOf(unsent).length) return "here";
    if (id === null) return "empty";
    return this.told === null ? "loading" : "saved";
  }

  private seen(state: DraftState, error: Error | null): Shown {
    const typed = { ...this.atService(), ...this.kept.unsent };
    const { clashes, busy, thrown } = this;
    return { state, order: this.told?.order ?? null, typed, clashes, error, busy, thrown };
  }

  private show(state: DraftState, error: Error | null = null): void {
    this.tell(this.seen(state, error));
  }
}

/** What a person has typed of an order that the service has. */
export function typedOf(order: Order): Typed {
  return {
    lines: order.draft_lines.map(({ product, quantity }) => ({ product, quantity })),
    address: order.address ?? "",
    comment: order.comment ?? "",
    wished_at: order.wished_at ?? null,
    contact: order.contact,
  };
}

/** Whether an order in the browser's storage has nothing that the service lacks. */
export function isSaved(kept: string): boolean {
  const { unsent, sent } = readKept(kept, NOTHING);
  return sent === null && fieldsOf(unsent).length === 0;
}

function fieldsOf(typed: Partial<Typed>): Field[] {
  return Object.keys(typed) as Field[];
}

function pick(typed: Partial<Typed>, fields: readonly Field[]): Partial<Typed> {
  return Object.fromEntries(fields.map((field) => [field, typed[field]]));
}

/** Whether two values of a field mean the same; quantities are compared as numbers. */
export function same(one: Typed[Field] | undefined, other: Typed[Field] | undefined): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

function comparable(value: Typed[Field] | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map(({ product, quantity }) => [
      product,
      isQuantity(quantity) ? Number(plainQuantity(quantity)) : quantity,
    ]);
  }
  const at = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? (value ?? null) : at;
}
