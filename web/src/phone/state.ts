/** What the phone in the page is and does, as values; each event gives the next state. It knows no SIP and no page. */

import type { Quality } from "./quality";

/**
 * Which tab has the phone: `none` while that is not known, `other` while another tab of this browser has it.
 * Whoever has it speaks with the PBX; the other tabs show the same and pass commands on.
 */
export type Holder = "none" | "here" | "other";

/**
 * The connection with the PBX.
 *
 * - `elsewhere`: the secret was lent to another page since, in another browser; the phone is there.
 * - `refused`: the service gave no secret, or the PBX refused it.
 * - `insecure`: the browser lets a page use the microphone by HTTPS alone.
 * - `unencrypted`: the page came by HTTPS, and the PBX's address that the service tells is not encrypted.
 */
export type Connection = "off" | "connecting" | "registered" | "elsewhere" | "refused" | "insecure" | "unencrypted";

/** Whether microphone and speaker were tried since the page was loaded. */
export type Sound = "untried" | "trying" | "works" | "no_microphone" | "silent";

/** `resuming`: the talk goes on, and this page, loaded anew, is about to be in it again. */
export type LineState = "ringing" | "dialling" | "resuming" | "talking";

/** A call at this phone. */
export interface Line {
  id: string;
  /** The service's id of the call; null: it is not known. */
  call: string | null;
  /** Who is at the other end, as the phone was told. */
  party: string;
  state: LineState;
  /** It was made to ask a colleague about the call that waits on hold. */
  consults: boolean;
  held: boolean;
  muted: boolean;
  quality: Quality | null;
  /** How a transfer goes. */
  transfer: "no" | "asked" | "failed";
}

export interface PhoneState {
  holder: Holder;
  connection: Connection;
  sound: Sound;
  lines: readonly Line[];
  /** A device was pulled, and another took its place, but for the last microphone; empty: nothing happened. */
  pulled: "" | "microphone" | "last_microphone" | "speaker";
  /** The headset whose buttons are used; empty: none. */
  headset: string;
  /** It rings, and the browser keeps that silent until somebody clicks in the page. */
  silent: boolean;
  /**
   * The service does not renew the secret: the phone works until then, in milliseconds since 1970. null: it does.
   */
  worksUntil: number | null;
  /** The last call that could not be made, as the PBX put it; empty: none. */
  failed: string;
}

export const NO_PHONE: PhoneState = {
  holder: "none",
  connection: "off",
  sound: "untried",
  lines: [],
  pulled: "",
  headset: "",
  silent: false,
  worksUntil: null,
  failed: "",
};

export type PhoneEvent =
  | { what: "held_by"; holder: Holder }
  | { what: "connection"; connection: Connection }
  | { what: "sound"; sound: Sound }
  | { what: "begins"; line: Pick<Line, "id" | "party" | "call" | "state" | "consults"> }
  | { what: "answered"; id: string }
  | { what: "line"; id: string; changes: Partial<Pick<Line, "held" | "muted" | "quality" | "transfer" | "call">> }
  | { what: "ends"; id: string; failed?: string }
  | { what: "pulled"; device: PhoneState["pulled"] }
  | { what: "headset"; name: string }
  | { what: "silent"; is: boolean }
  | { what: "works_until"; at: number | null }
  | { what: "seen" };

export function after(state: PhoneState, event: PhoneEvent): PhoneState {
  switch (event.what) {
    case "held_by":
      // Calls belong to whoever has the phone: a tab that gets it finds them out anew.
      return event.holder === state.holder ? state : { ...NO_PHONE, holder: event.holder, sound: state.sound };
    case "connection":
      return event.connection === state.connection ? state : { ...state, connection: event.connection };
    case "sound":
      return { ...state, sound: event.sound };
    case "begins": {
      if (lineOf(state, event.line.id)) return state;
      const line: Line = { ...event.line, held: false, muted: false, quality: null, transfer: "no" };
      return { ...state, failed: "", lines: [...state.lines, line] };
    }
    case "answered":
      return changed(state, event.id, { state: "talking" });
    case "line":
      return changed(state, event.id, event.changes);
    case "ends":
      return {
        ...state,
        failed: event.failed ?? state.failed,
        lines: state.lines.filter((line) => line.id !== event.id),
      };
    case "pulled":
      return { ...state, pulled: event.device };
    case "headset":
      return { ...state, headset: event.name };
    case "silent":
      return event.is === state.silent ? state : { ...state, silent: event.is };
    case "works_until":
      return event.at === state.worksUntil ? state : { ...state, worksUntil: event.at };
    case "seen":
      return { ...state, pulled: "", failed: "" };
  }
}

function changed(state: PhoneState, id: string, changes: Partial<Line>): PhoneState {
  if (!lineOf(state, id)) return state; // what is late is about a call that is over
  return { ...state, lines: state.lines.map((line) => (line.id === id ? { ...line, ...changes } : line)) };
}

export function lineOf(state: PhoneState, id: string): Line | undefined {
  return state.lines.find((line) => line.id === id);
}

/** The call that rings; undefined: none does. */
export function ringing(state: PhoneState): Line | undefined {
  return state.lines.find((line) => line.state === "ringing");
}

/** The call in which I speak, or would: the newest that is not on hold. */
export function current(state: PhoneState): Line | undefined {
  const mine = state.lines.filter((line) => line.state !== "ringing");
  return mine.findLast((line) => !line.held) ?? mine.at(-1);
}

/** The call that waits on hold while I consult; undefined: I do not consult. */
export function waiting(state: PhoneState): Line | undefined {
  const consulting = state.lines.some((line) => line.consults);
  return consulting ? state.lines.find((line) => !line.consults && line.state === "talking") : undefined;
}

/** Whether the phone can take calls here and now. */
export function takesCalls(state: PhoneState): boolean {
  return state.connection === "registered" && (state.sound === "works" || state.sound === "silent");
}
