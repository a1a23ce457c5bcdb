// What a campaign's call came to: said by buttons or number keys, with a note, during the call or after it.

import { ask } from "./asking.js";
import { button, columnList, element, phone } from "./build.js";
import { language, text } from "./texts.js";

const HOUR_MS = 3_600_000;
const MORNING = 10; // o'clock
const KEYS = 9;
const offered = new Map(); // dispositions by campaign
let form = null; // of the attempt that is shown
let shown = "";
let opened = null; // the attempt whose form was opened again after it was done

/** The campaign's call that this operator talks in or has talked in last, or null. */
function talkOf(line, me) {
  const call = me?.call ? line.calls.get(me.call) : undefined;
  if (call) {
    if (!call.attempt || !call.talking_since || call.operator !== me.id) return null;
    return { attempt: call.attempt, campaign: call.campaign, disposed: call.disposed, required: false, live: true };
  }
  return me?.talked && me.presence !== "offline" ? { ...me.talked, live: false } : null;
}

export function drawDispose(line, $) {
  const me = line.own === null ? undefined : line.operators.get(line.own);
  const talk = talkOf(line, me);
  const part = $("dispose");
  part.hidden = !talk;
  if (!talk) {
    form = null;
    shown = "";
    return;
  }
  if (form?.attempt !== talk.attempt) {
    form = newForm(talk);
    load(form, line);
  } else if (talk.disposed && form.about && !form.saved && !form.reloaded) {
    form.reloaded = true; // somebody else has said it
    load(form, line);
  }
  const wrapUp = me.routing === "wrap_up";
  const over = wrapUp && talk.required && !talk.disposed && me.wrap_up_until && Date.parse(me.wrap_up_until) <= line.now();
  const small = talk.disposed && form.saved && !talk.live && !wrapUp && opened !== talk.attempt;
  const face = JSON.stringify([talk, form.version, small, Boolean(over), language]);
  if (face === shown) return;
  shown = face;
  part.className = over ? "pop dispose due" : "pop dispose";
  const typing = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(...(small ? compact(line) : whole(line, me, talk, over)));
  const focus = form.focus ?? typing;
  form.focus = null;
  if (focus) $(focus)?.focus();
}

function newForm(talk) {
  return { attempt: talk.attempt, campaign: talk.campaign, about: null, chosen: "", note: "", at: "", mine: true, saved: null, error: "", focus: null, version: 0 };
}

async function load(mine, line) {
  try {
    const [about, dispositions] = await Promise.all([
      ask("GET", `/attempts/${encodeURIComponent(mine.attempt)}`),
      ask("GET", `/dispositions?campaign=${mine.campaign}`),
    ]);
    offered.set(mine.campaign, usable(dispositions));
    take(mine, about);
  } catch (refusal) {
    mine.error = text("refused", { why: refusal.message });
  }
  mine.version += 1;
  line.changed();
}

/** In use, each code once: a campaign's own takes the place of a common one. */
function usable(dispositions) {
  const byCode = new Map();
  for (const one of dispositions) if (one.active && (one.campaign !== null || !byCode.has(one.code))) byCode.set(one.code, one);
  return [...byCode.values()];
}

function take(mine, about) {
  mine.about = about;
  mine.chosen = about.disposition ?? "";
  mine.saved = about.disposition;
  mine.note = about.note;
  mine.at = about.callback_at && about.disposition ? local(new Date(about.callback_at)) : "";
  mine.mine = about.callback_at === null || about.callback_operator !== null;
}

/** As an input for date and time takes it, in the operator's own time. */
function local(moment) {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function compact(line) {
  const again = button(text("correct"), "plain", () => {
    opened = form.attempt;
    line.changed();
  });
  return [element("p", "said", text("last_call"), " ", element("b", "", who()), " · ", saidTitle()), again];
}

/** What was said last, in the reader's language. */
function saidTitle() {
  return form.about.disposition_titles[language] ?? form.about.disposition_title;
}

function who() {
  return form.about ? form.about.name || phone(form.about.number) : "";
}

function whole(line, me, talk, over) {
  const choices = offered.get(form.campaign) ?? [];
  const chosen = choices.find((one) => one.code === form.chosen);
  const again = () => {
    form.version += 1;
    line.changed();
  };
  const choose = (one) => {
    form.chosen = one.code;
    form.error = "";
    form.focus = one.callback && !form.at ? "callback-at" : "save-disposition";
    again();
  };
  const save = button(text(form.saved ? "save_correction" : "save_disposition"), "primary", () => store(line, me));
  save.id = "save-disposition";
  save.disabled = !form.chosen;
  return [
    element(
      "div",
      "who-calls",
      element("p", "kind", text("what_came_of_it")),
      element("p", "said", element("b", "", who()), over ? element("span", "error", ` ${text("disposition_due")}`) : null),
    ),
    (!talk.live && form.about && columnList(form.about.columns)) || "",
    element("p", form.saved ? "done" : "done none", form.saved ? `✓ ${saidTitle()}` : ""),
    element(
      "div",
      "choices",
      ...choices.map((one, at) => {
        const key = at < KEYS ? element("kbd", "", String(at + 1)) : null;
        const made = button("", `choice ${one.sale ? "good" : ""} ${one.do_not_call ? "never" : ""}`, () => choose(one));
        made.append(...[key, element("span", "", one.titles[language] ?? one.title)].filter(Boolean));
        made.setAttribute("aria-pressed", one.code === form.chosen);
        return made;
      }),
      choices.length || !form.about ? null : element("p", "empty", text("no_dispositions")),
    ),
    chosen?.do_not_call ? element("p", "hint never", text("never_again")) : "",
    chosen?.callback ? callback(line, again) : "",
    element("div", "saving", note(), save),
    element("p", "error", form.error),
  ];
}

function note() {
  const field = element("textarea", "");
  field.id = "disposition-note";
  field.rows = 2;
  field.maxLength = 2000;
  field.value = form.note;
  field.addEventListener("input", () => (form.note = field.value));
  return element("label", "note", element("span", "", text("note")), field);
}

function callback(line, again) {
  const at = element("input", "");
  at.id = "callback-at";
  at.type = "datetime-local";
  at.min = local(new Date(line.now()));
  at.value = form.at;
  at.addEventListener("input", () => (form.at = at.value));
  const by = element("select", "");
  by.id = "callback-by";
  by.append(new Option(text("callback_mine"), "me", false, form.mine), new Option(text("callback_anybody"), "any", false, !form.mine));
  by.addEventListener("change", () => (form.mine = by.value === "me"));
  const soon = (label, moment) =>
    button(label, "", () => {
      form.at = local(moment);
      form.error = "";
      form.focus = "save-disposition";
      again();
    });
  const tomorrow = new Date(line.now() + 24 * HOUR_MS);
  tomorrow.setHours(MORNING, 0, 0, 0);
  return element(
    "div",
    "callback",
    element("label", "", element("span", "", text("callback_when")), at),
    soon(text("in_an_hour"), new Date(line.now() + HOUR_MS)),
    soon(text("tomorrow_at", { at: `${MORNING}:00` }), tomorrow),
    element("label", "", element("span", "", text("callback_who")), by),
  );
}

async function store(line, me) {
  const mine = form;
  const chosen = (offered.get(mine.campaign) ?? []).find((one) => one.code === mine.chosen);
  if (!chosen) return;
  if (chosen.callback && !mine.at) {
    mine.error = text("callback_needs_time");
    mine.version += 1;
    line.changed();
    return;
  }
  const said = { disposition: chosen.code, note: mine.note };
  if (chosen.callback) {
    said.callback_at = new Date(mine.at).toISOString();
    said.callback_operator = mine.mine ? me.id : null;
  }
  try {
    take(mine, await ask("PUT", `/attempts/${encodeURIComponent(mine.attempt)}/disposition`, said));
    mine.error = "";
    mine.focus = ""; // nowhere: the keys are for choosing again
    opened = null;
  } catch (refusal) {
    mine.error = text("refused", { why: refusal.message });
  }
  mine.version += 1;
  line.changed();
}

/** Number keys choose, Enter saves; while something is being typed, Ctrl and Enter. */
export function wireDispose($) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || $("dispose").hidden) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") $("save-disposition")?.click();
      return;
    }
    if (event.target.closest?.("input, textarea, select")) return;
    if (event.key === "Enter") {
      if (event.target.closest?.("button, a")) return;
      $("save-disposition")?.click();
      event.preventDefault();
    } else if (/^[1-9]$/.test(event.key)) {
      document.querySelectorAll("#dispose .choice")[Number(event.key) - 1]?.click();
      event.preventDefault();
    }
  });
}
