// The operator's own part: state and its buttons, the card of who is calling.

import { ask } from "./asking.js";
import { button, clock, columnList, duration, element } from "./build.js";
import { breakText, callerName, callerNumber, colleagueText, pendingText, sinceOf, stateOf, stateText } from "./parts.js";
import { language, locale, text, textOr } from "./texts.js";

const BREAKS = ["lunch", "rest", "meeting", "training", "other"];
const contacts = new Map(); // names of contacts to pick from, by id
let popFace = "";
let mineFace = "";
let wired = false;

async function tryTo(error, ...request) {
  error.textContent = "";
  try {
    await ask(...request);
  } catch (refusal) {
    error.textContent = text("refused", { why: refusal.message });
  }
}

export function wireMine(line, $) {
  const reason = $("break-reason");
  const chosen = reason.value || BREAKS[0];
  reason.replaceChildren(...BREAKS.map((one) => new Option(breakText(one), one, false, one === chosen)));
  if (wired) return;
  wired = true;
  const be = (presence, why = "") => tryTo($("mine-error"), "PUT", "/me/state", { presence, reason: why });
  $("be-available").addEventListener("click", () => be("available"));
  $("be-on-break").addEventListener("click", () => be("on_break", reason.value));
  $("be-offline").addEventListener("click", () => be("offline"));
  $("end-wrap-up").addEventListener("click", () => tryTo($("mine-error"), "POST", "/me/wrap-up/end"));
  const call = new URLSearchParams(location.search).get("call");
  if (call) showPast(line, $, call);
}

export function drawMine(line, $, { onlyClock = false } = {}) {
  const me = line.own === null ? undefined : line.operators.get(line.own);
  $("mine").hidden = !me;
  if (!me) return;
  const refused = $("outgoing-refused");
  const why = line.refused ? textOr(`rule_out_${line.refused.rule}`, line.refused.rule) : "";
  const said = why && text(line.refused.transferred ? "outgoing_back" : "outgoing_refused", { why });
  if (refused.textContent !== said) refused.textContent = said;
  const end = $("end-wrap-up");
  end.hidden = me.routing !== "wrap_up";
  end.disabled = Boolean(me.talked?.required && !me.talked.disposed);
  const left = me.wrap_up_until ? Math.max(0, Math.ceil((Date.parse(me.wrap_up_until) - line.now()) / 1000)) : null;
  const label = left === null ? text("end_wrap_up_plain") : text("end_wrap_up", { left: duration(left) });
  if (end.textContent !== label) end.textContent = label;
  const face = JSON.stringify(me) + language;
  if (onlyClock || face === mineFace) return;
  mineFace = face;
  const state = stateOf(me);
  $("mine").className = `mine ${state}`;
  const pending = pendingText(me);
  const colleague = colleagueText(me);
  $("my-state").replaceChildren(
    element("i", `mark ${state}`),
    element("b", "", stateText(me)),
    clock(sinceOf(me, state)),
    colleague ? element("small", "then", colleague) : "",
    pending ? element("small", "then", pending) : "",
  );
  const wanted = me.pending ?? me.presence;
  $("be-available").setAttribute("aria-pressed", wanted === "available");
  $("be-on-break").setAttribute("aria-pressed", wanted === "on_break");
  $("be-offline").setAttribute("aria-pressed", wanted === "offline");
}

export function drawPop(line, $, titleOf) {
  const me = line.own === null ? undefined : line.operators.get(line.own);
  const call = me?.call ? line.calls.get(me.call) : undefined;
  const pop = $("pop");
  if (!call) {
    pop.hidden = true;
    popFace = "";
    return;
  }
  if (call.matches.length > 1 && call.contact === null) load(call.matches, () => line.changed());
  const names = call.matches.map((id) => contacts.get(id)?.name ?? null);
  const face = JSON.stringify([call, names, language, titleOf(call.queue)]);
  pop.hidden = false;
  if (face === popFace) return;
  popFace = face;
  const talking = call.talking_since !== null;
  const held = call.held_since !== null;
  const state = held ? "on_hold" : talking ? "talking" : "ringing";
  const said = held ? text("state_on_hold") : text(talking ? "in_talk" : "incoming");
  pop.className = `pop ${state}`;
  const reason = call.reason && textOr(`rule_${call.reason.rule}`, "");
  const tags = [titleOf(call.queue), call.language && call.language.toUpperCase(), !talking && reason];
  pop.replaceChildren(
    element(
      "div",
      "who-calls",
      element("p", "kind", element("i", `mark ${state}`), said),
      element("h2", "", callerName(call)),
      element("p", "number", callerNumber(call)),
      element("p", "tags", ...tags.filter(Boolean).map((tag) => element("span", "tag", tag))),
      columnList(call.columns),
    ),
    element(
      "div",
      "since",
      clock(talking ? (call.held_since ?? call.talking_since) : call.waiting_since),
      element("small", "", talking ? said : text("waiting")),
    ),
    picker(call, $) ?? "",
  );
}

function picker(call, $) {
  if (call.matches.length < 2 || call.contact !== null) return null;
  const pick = (id) => tryTo($("mine-error"), "POST", `/calls/${encodeURIComponent(call.id)}/contact`, { contact: id });
  return element(
    "div",
    "picker",
    element("p", "", text("which_contact")),
    element(
      "div",
      "buttons",
      ...call.matches.map((id) => {
        const known = contacts.get(id);
        const label = known ? element("span", "", known.name, known.note ? element("small", "", known.note) : null) : `#${id}`;
        return button(label, "match", () => pick(id));
      }),
    ),
  );
}

function load(ids, then) {
  for (const id of ids) {
    if (contacts.has(id)) continue;
    contacts.set(id, null);
    ask("GET", `/contacts/${id}`).then(
      (contact) => then(contacts.set(id, contact)),
      () => contacts.delete(id),
    );
  }
}

/** The call that a phone's screen-pop link named, from the record when it is over. */
async function showPast(line, $, id) {
  const past = $("past");
  const close = button(text("close"), "plain", () => {
    past.hidden = true;
    history.replaceState(null, "", "/");
  });
  let body;
  try {
    const call = await ask("GET", `/calls/${encodeURIComponent(id)}`);
    if (call.live) return;
    body = [
      element("p", "kind", `${text("past_call")} · ${new Date(call.arrived_at).toLocaleString(locale)}`),
      element("h2", "", call.contact_name || call.caller_name || text("unknown_caller")),
      element("p", "number", callerNumber(call)),
      element("p", "tags", element("span", "tag", call.queue), element("span", "tag", call.outcome ? text(`outcome_${call.outcome}`) : "–")),
    ];
  } catch {
    body = [element("p", "kind", text("not_found"))];
  }
  past.replaceChildren(element("div", "who-calls", ...body), close);
  past.hidden = false;
}
