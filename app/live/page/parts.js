// The parts of a floor: queue tiles, callers, operators. A state has a colour, a shape and a word.

import { button, clock, element, phone } from "./build.js";
import { locale, text, textOr } from "./texts.js";

const HEARD = new Set(["idle", "reserved", "ringing"]);

/** The one word for what an operator does, from presence, routing and device. */
export function stateOf(operator) {
  const { presence, routing, device } = operator;
  if (!HEARD.has(routing)) return routing;
  if (routing !== "idle") return routing;
  if (operator.outgoing.some((one) => !one.transferred)) return "calling_out";
  if (presence !== "available") return presence;
  return device === "unreachable" ? "no_phone" : "idle";
}

export function stateText(operator) {
  const state = stateOf(operator);
  const reason = state === "on_break" && operator.break_reason;
  return text(`state_${state}`) + (reason ? `: ${breakText(reason)}` : "");
}

/** When what an operator does began. */
export function sinceOf(operator, state) {
  const call = operator.outgoing.find((one) => !one.transferred);
  return state === "calling_out" ? (call.answered ?? call.began) : operator.since;
}

export function breakText(reason) {
  return textOr(`break_${reason}`, reason);
}

export function pendingText(operator) {
  if (!operator.pending) return null;
  const reason = operator.pending_reason ? `: ${breakText(operator.pending_reason)}` : "";
  return text("then", { what: text(`state_${operator.pending}`) + reason });
}

export function callerName(call) {
  return call.contact_name || call.caller_name || text("unknown_caller");
}

export function callerNumber(call) {
  return call.caller_number ? phone(call.caller_number) : text("hidden_number");
}

export function queueTile(queue) {
  const count = (value, name, state) =>
    element("li", value ? state : `${state} none`, element("b", "", String(value)), text(name));
  return element(
    "li",
    queue.waiting ? "tile busy" : "tile",
    element("h3", "", queue.title),
    element(
      "p",
      "big",
      element("b", "", String(queue.waiting)),
      element("span", "", text("waiting")),
      element(
        "span",
        "wait",
        queue.longest_wait_since ? clock(queue.longest_wait_since, queue.target_s) : element("time", "running", "–"),
        element("small", "", text("longest")),
      ),
    ),
    element(
      "ul",
      "counts",
      count(queue.idle, "idle_n", "idle"),
      count(queue.talking, "talking_n", "talking"),
      count(queue.wrap_up, "wrap_up_n", "wrap_up"),
      count(queue.on_break, "break_n", "on_break"),
    ),
  );
}

function caller(call) {
  const known = call.contact_name || call.caller_name;
  return element(
    "span",
    "caller",
    element("b", known ? "" : "nameless", known || callerNumber(call)),
    element("small", "", known ? callerNumber(call) : text("unknown_caller")),
  );
}

export function waitingRow(call) {
  const who = call.operator_name;
  const name = { offered: "offered_to", ringing: "rings_at" }[call.state];
  return element(
    "li",
    `row ${call.state}`,
    caller(call),
    element("span", "about", call.queue_title, name ? element("small", "", text(name, { who })) : null),
    clock(call.waiting_since, call.target_s),
  );
}

export function callRow(call) {
  const held = call.state === "on_hold";
  const { parked } = call;
  const who = parked ? parked.operator_name : call.operator_name || text("external");
  const name = { leaving: "leaving", on_hold: "state_on_hold", parked: "parked_at" }[call.state] ?? "state_talking";
  const state = text(name, { place: parked?.place });
  return element(
    "li",
    `row ${call.state}`,
    caller(call),
    element("span", "about", who, element("small", "", `${call.queue_title} · ${state}`)),
    clock(parked?.since ?? ((held && call.held_since) || call.talking_since || call.answered || call.arrived)),
  );
}

/** A parked caller, for whoever may take them off: a phone dials the place. */
export function parkedRow(call) {
  const { place, since, operator_name } = call.parked;
  const dial = element("a", "dial", text("dial_place", { place }));
  dial.href = `tel:${place}`;
  dial.dataset.focus = `parked ${call.id}`;
  const by = operator_name ? element("small", "", text("parked_by", { who: operator_name })) : null;
  return element("li", "row parked", caller(call), element("span", "about", call.queue_title, by), clock(since), dial);
}

/** A call that this operator missed: who it was, when, and how it ended. */
export function missedRow(missed, close) {
  const at = new Date(missed.at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  return element(
    "li",
    "row missed",
    caller(missed),
    element("span", "about", missed.queue_title, element("small", "", text(`missed_${missed.outcome}`))),
    element("time", "", at),
    button(text("close"), "plain", close),
  );
}

/** With which colleagues an operator talks, or whose phone rings for them. */
export function colleagueText(operator) {
  const who = operator.colleagues.map((one) => one.name).join(", ");
  return who ? text("with_colleague", { who }) : null;
}

export function operatorCard(operator) {
  const state = stateOf(operator);
  const pending = pendingText(operator);
  const colleague = colleagueText(operator);
  const outside = operator.outgoing.map((one) => phone(one.number)).join(", ");
  return element(
    "li",
    `operator ${state}`,
    element("b", "name", operator.name),
    state === "offline" ? null : clock(sinceOf(operator, state)),
    element("span", "state", element("i", `mark ${state}`), stateText(operator)),
    outside ? element("small", "then", text("outside", { outside })) : null,
    colleague ? element("small", "then", colleague) : null,
    pending ? element("small", "then", pending) : null,
  );
}

/** Why people are to look at a phone's calls outside. */
export function alarmText(alarm, name) {
  return text(`alarm_${alarm.cause}`, { who: name || alarm.endpoint, n: alarm.refusals });
}
