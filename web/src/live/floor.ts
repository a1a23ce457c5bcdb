/** The floor as this page knows it, and how each message changes it. Values are replaced whole, never changed. */

import type { components } from "@/api/contract";

import type { Message, Snapshot } from "./line";

type Schemas = components["schemas"];
export type Call = Schemas["CallView"];
export type Operator = Schemas["OperatorView"];
export type Queue = Schemas["QueueView"];
export type Campaign = Schemas["CampaignView"];
export type Alarm = Schemas["AlarmView"];
export type Missed = Schemas["MissedView"];
export type Refusal = Schemas["OutgoingRefusedMessage"];
export type Change = Schemas["SubjectChanged"];

const ALARMS_KEPT = 20;

export interface Floor {
  /** The reader's own operator id; null: the reader takes no calls. */
  own: number | null;
  /** Whether the reader sees the whole floor, or their own calls and queues alone. */
  sees: "floor" | "own";
  /** The PBX can be heard. */
  linked: boolean;
  parkingFull: boolean;
  records: "written" | "kept" | "refused";
  queues: ReadonlyMap<string, Queue>;
  operators: ReadonlyMap<number, Operator>;
  calls: ReadonlyMap<string, Call>;
  campaigns: ReadonlyMap<number, Campaign>;
  alarms: readonly Alarm[];
  /** The last number that the reader's phone was refused; null: none, or it has called since. */
  refused: Refusal | null;
}

export const EMPTY: Floor = {
  own: null,
  sees: "own",
  linked: true,
  parkingFull: false,
  records: "written",
  queues: new Map(),
  operators: new Map(),
  calls: new Map(),
  campaigns: new Map(),
  alarms: [],
  refused: null,
};

export function begun(snapshot: Snapshot): Floor {
  return {
    own: snapshot.operator,
    sees: snapshot.sees,
    linked: snapshot.linked,
    parkingFull: snapshot.parking_full,
    records: snapshot.records,
    queues: byId(snapshot.queues),
    operators: byId(snapshot.operators),
    calls: byId(snapshot.calls),
    campaigns: byId(snapshot.campaigns),
    alarms: snapshot.alarms,
    refused: null,
  };
}

/** The floor after some messages, in their order; the same floor where they change nothing of it. */
export function applied(floor: Floor, messages: readonly Message[]): Floor {
  const draft = new Draft(floor);
  for (const message of messages) apply(draft, message);
  return draft.done();
}

function apply(draft: Draft, message: Message): void {
  const floor = draft.floor;
  switch (message.type) {
    case "call_changed":
    case "screen_pop":
      draft.calls.set(message.call.id, message.call);
      break;
    case "call_ended":
      draft.calls.delete(message.id);
      break;
    case "call_hidden":
      if (floor.sees === "own") draft.calls.delete(message.id);
      break;
    case "screen_pop_ended":
      if (floor.sees === "own") draft.calls.delete(message.call);
      break;
    case "operator_changed":
      if (message.operator.id === floor.own && callsAnew(floor, message.operator)) draft.set({ refused: null });
      draft.operators.set(message.operator.id, message.operator);
      break;
    case "operator_removed":
      draft.operators.delete(message.id);
      break;
    case "queue_changed":
      draft.queues.set(message.queue.id, message.queue);
      break;
    case "queue_removed":
      draft.queues.delete(message.id);
      break;
    case "campaign_changed":
      draft.campaigns.set(message.campaign.id, message.campaign);
      break;
    case "campaign_removed":
      draft.campaigns.delete(message.id);
      break;
    case "outgoing_refused":
      if (message.operator !== null && message.operator === floor.own) draft.set({ refused: message });
      break;
    case "outgoing_alarm":
      draft.set({ alarms: [...floor.alarms, message.alarm].slice(-ALARMS_KEPT) });
      break;
    case "link_changed":
      draft.set({ linked: message.linked });
      break;
    case "parking_changed":
      draft.set({ parkingFull: message.full });
      break;
    case "records_changed":
      draft.set({ records: message.records });
      break;
    default: // what a later service tells, too, is passed over
  }
}

/** Whether the phone has called outside since it was last told of. */
function callsAnew(floor: Floor, operator: Operator): boolean {
  const known = floor.operators.get(operator.id)?.outgoing.map((one) => one.call) ?? [];
  return operator.outgoing.some((one) => !known.includes(one.call));
}

/** Changes of one floor: a map is copied once for many messages, and only where one changes it. */
class Draft {
  readonly queues: Copying<string, Queue>;
  readonly operators: Copying<number, Operator>;
  readonly calls: Copying<string, Call>;
  readonly campaigns: Copying<number, Campaign>;

  constructor(public floor: Floor) {
    this.queues = new Copying(floor.queues);
    this.operators = new Copying(floor.operators);
    this.calls = new Copying(floor.calls);
    this.campaigns = new Copying(floor.campaigns);
  }

  set(changes: Partial<Floor>): void {
    this.floor = { ...this.floor, ...changes };
  }

  done(): Floor {
    const parts = { queues: this.queues, operators: this.operators, calls: this.calls, campaigns: this.campaigns };
    if (Object.values(parts).every((one) => !one.changed)) return this.floor;
    return {
      ...this.floor,
      queues: this.queues.now,
      operators: this.operators.now,
      calls: this.calls.now,
      campaigns: this.campaigns.now,
    };
  }
}

class Copying<Key, Value> {
  private copy: Map<Key, Value> | null = null;

  constructor(private readonly before: ReadonlyMap<Key, Value>) {}

  get changed(): boolean {
    return this.copy !== null;
  }

  get now(): ReadonlyMap<Key, Value> {
    return this.copy ?? this.before;
  }

  set(key: Key, value: Value): void {
    (this.copy ??= new Map(this.before)).set(key, value);
  }

  delete(key: Key): void {
    if (this.now.has(key)) (this.copy ??= new Map(this.before)).delete(key);
  }
}

function byId<Id, One extends { id: Id }>(all: readonly One[]): Map<Id, One> {
  return new Map(all.map((one) => [one.id, one]));
}
