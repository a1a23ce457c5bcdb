import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AGAIN_MS } from "@/keeping/keeper";

import { isSaved, OrderKeeper, PAUSE_MS, same, type Desk, type Order, type Typed } from "./orderKeeper";

const DRAFT = {
  state: "draft",
  may: ["change", "discard", "place"],
  number: null,
  lines: [],
  problems: [],
  address: "",
  comment: "",
};

/** A service that keeps orders, may be away, and counts how many it has placed. */
class Service implements Desk {
  readonly orders = new Map<number, Order>();
  away = false;
  mute = false;
  outOfStock = false;
  placed = 0;
  changes = 0;
  private readonly keys = new Map<string, number>();

  async begin(typed: Partial<Typed>, call: string, key: string) {
    await this.answer();
    const id = this.keys.get(key) ?? this.orders.size + 1;
    this.keys.set(key, id);
    if (!this.orders.has(id)) this.put({ ...DRAFT, id, version: 1, call }, typed);
    return this.told(id);
  }

  async load(id: number) {
    await this.answer();
    return this.told(id, false);
  }

  async change(id: number, tag: string, typed: Partial<Typed>) {
    await this.answer();
    const order = this.the(id);
    if (String(order.version) !== tag) throw new Error("changed meanwhile");
    this.changes += 1;
    this.put({ ...order, version: order.version + 1 }, typed);
    return this.told(id);
  }

  async place(id: number) {
    await this.answer();
    const order = this.the(id);
    if (this.outOfStock) {
      this.put({ ...order, problems: [{ where: "draft_lines.0", what: "out" }] }, {});
      throw new Error("out of stock");
    }
    this.placed += 1;
    this.put({ ...order, state: "placed", number: "2026-00017", draft_lines: [] }, {});
    return this.told(id);
  }

  async cancel(id: number, _tag: string, reason: string) {
    await this.answer();
    this.put({ ...this.the(id), state: "cancelled", reason }, {});
    return this.told(id);
  }

  async repeat(id: number, call: string, key: string) {
    return this.begin({ lines: [{ product: id, quantity: "1" }] }, call, key);
  }

  async discard(id: number) {
    await this.answer();
    this.orders.delete(id);
  }

  passes() {
    return this.away || this.mute;
  }

  isPassed(error: unknown) {
    return error instanceof Error && error.message === "changed meanwhile";
  }

  /** Somebody else changes the first order. */
  byOther(typed: Partial<Typed>) {
    const order = this.the(1);
    this.put({ ...order, version: order.version + 1 }, typed);
  }

  the(id: number): Order {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error("no such order");
    return order;
  }

  private put(order: object, { lines, ...typed }: Partial<Typed>) {
    const whole = { contact: null, draft_lines: [], ...order, ...typed, ...(lines ? { draft_lines: lines } : {}) };
    this.orders.set((whole as unknown as Order).id, whole as unknown as Order);
  }

  private told(id: number, mayBeLost = true) {
    if (this.mute && mayBeLost) throw new Error("lost");
    return { order: this.the(id), tag: String(this.the(id).version) };
  }

  private answer() {
    return this.away ? Promise.reject(new Error("not now")) : Promise.resolve();
  }
}

const CABLE = [{ product: 12, quantity: "2" }];

describe("an order that is typed in a call", () => {
  let service: Service;
  const open = () => new OrderKeeper("order", "call-1", service, localStorage);
  const pass = (ms = PAUSE_MS) => vi.advanceTimersByTimeAsync(ms);
  const begun = async () => {
    const order = open();
    order.about(4);
    order.begin();
    order.type({ lines: CABLE });
    await pass();
    return order;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    service = new Service();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is begun at the service with the first thing typed, for the contact, and then changed", async () => {
    const order = open();
    order.about(4);
    order.begin();
    await pass(60_000);
    expect([service.orders.size, order.read().state]).toEqual([0, "empty"]);
    order.type({ lines: CABLE });
    expect(order.read().state).toBe("saving");
    expect(isSaved(localStorage.getItem("order") ?? "")).toBe(false);
    await pass();
    expect(service.the(1)).toMatchObject({ contact: 4, draft_lines: CABLE });
    order.type({ address: "Tamme 1" });
    await pass();
    expect(service.the(1)).toMatchObject({ address: "Tamme 1", draft_lines: CABLE });
    expect(order.read().state).toBe("saved");
    expect(isSaved(localStorage.getItem("order") ?? "")).toBe(true);
  });

  it("outlives a reload, sent or not", async () => {
    const before = await begun();
    before.type({ comment: "uksekell" });
    before.stop();
    const after = open();
    expect(after.read().typed.comment).toBe("uksekell");
    await pass();
    expect(service.the(1)).toMatchObject({ comment: "uksekell", draft_lines: CABLE });
    expect(after.read()).toMatchObject({ state: "saved", typed: { lines: CABLE } });
  });

  it("is begun once though the first answer was lost and more was typed since", async () => {
    service.mute = true;
    const order = await begun();
    order.type({ comment: "kiire" });
    service.mute = false;
    await pass(AGAIN_MS + 2 * PAUSE_MS);
    expect([...service.orders.values()]).toMatchObject([{ comment: "kiire", draft_lines: CABLE }]);
  });

  it("is kept while the service is away", async () => {
    const order = await begun();
    service.away = true;
    order.type({ comment: "kiire" });
    await pass(AGAIN_MS * 3);
    expect(order.read()).toMatchObject({ state: "here", typed: { comment: "kiire" } });
    await order.place();
    expect(order.read().error).not.toBeNull();
    service.away = false;
    await pass(AGAIN_MS);
    expect(service.the(1)).toMatchObject({ comment: "kiire" });
  });

  it("keeps a quantity that is none yet in the browser", async () => {
    const order = await begun();
    order.type({ lines: [{ product: 12, quantity: "" }] });
    await pass();
    expect(order.read().state).toBe("here");
    order.type({ lines: [{ product: 12, quantity: "1,5" }] });
    await pass();
    expect(service.the(1).draft_lines).toEqual([{ product: 12, quantity: "1.5" }]);
    expect(order.read().state).toBe("saved");
  });

  it("is placed once by two clicks, with what was typed last", async () => {
    const order = await begun();
    order.type({ comment: "kiire" });
    await Promise.all([order.place(), order.place()]);
    expect([service.placed, service.the(1).comment]).toEqual([1, "kiire"]);
    expect(order.read().order?.number).toBe("2026-00017");
    await order.cancel("klient loobus");
    expect(service.the(1).state).toBe("cancelled");
    await order.repeat();
    expect(order.read().order).toMatchObject({ id: 2, state: "draft" });
  });

  it("is kept with the lines named that ran out", async () => {
    const order = await begun();
    service.outOfStock = true;
    await order.place();
    expect(order.read()).toMatchObject({ order: { state: "draft", problems: [{ where: "draft_lines.0" }] } });
    expect(order.read().error?.message).toBe("out of stock");
    service.outOfStock = false;
    await order.place();
    expect(service.placed).toBe(1);
  });

  it("joins what others changed of other fields, and shows both where it is the same field", async () => {
    const order = await begun();
    service.byOther({ address: "Tamme 1" });
    order.type({ comment: "kiire" });
    await pass(2 * PAUSE_MS);
    expect(service.the(1)).toMatchObject({ address: "Tamme 1", comment: "kiire" });
    service.byOther({ comment: "aeglane" });
    order.type({ comment: "väga kiire" });
    await pass(2 * PAUSE_MS);
    expect(order.read().clashes).toEqual([{ field: "comment", mine: "väga kiire", theirs: "aeglane" }]);
    expect(service.the(1).comment).toBe("aeglane");
    order.settle("comment", "aeglane\nväga kiire");
    await pass();
    expect(service.the(1).comment).toBe("aeglane\nväga kiire");
    expect(order.read().clashes).toEqual([]);
  });

  it("does not take a change whose answer was lost for somebody else's", async () => {
    const order = await begun();
    service.mute = true;
    order.type({ comment: "ki" });
    await pass();
    order.type({ comment: "kiire" });
    service.mute = false;
    await pass(AGAIN_MS + 2 * PAUSE_MS);
    expect(order.read().clashes).toEqual([]);
    expect(service.the(1).comment).toBe("kiire");
  });

  it("comes back when it was thrown away by mistake", async () => {
    const order = await begun();
    await order.discard();
    expect([service.orders.size, order.read().state]).toEqual([0, "none"]);
    expect(localStorage.getItem("order")).toBeNull();
    order.restore();
    await pass();
    expect([...service.orders.values()]).toMatchObject([{ contact: 4, draft_lines: CABLE }]);
  });

  it("shows what another tab has placed", async () => {
    const order = await begun();
    await service.place(1);
    order.type({ comment: "kiire" });
    await pass();
    order.refresh();
    await pass();
    expect(order.read().order?.state).toBe("placed");
  });
});

it("compares quantities as numbers and moments as moments", () => {
  expect(same([{ product: 1, quantity: "2" }], [{ product: 1, quantity: "2.0" }])).toBe(true);
  expect(same("2026-03-04T10:00:00Z", "2026-03-04T10:00:00.000Z")).toBe(true);
  expect(same(null, "")).toBe(false);
});
