// Preview: the lead to dial or to skip, with how long there is to look at it.

import { ask } from "./asking.js";
import { button, clock, columnList, duration, element, phone } from "./build.js";
import { language, locale, text } from "./texts.js";

const SKIPS = ["called_lately", "bad_moment", "wrong_person", "other"];
let face = "";
let error = "";
let shown = null; // the attempt that is shown

export function drawPreview(line, $) {
  const me = line.own === null ? undefined : line.operators.get(line.own);
  const preview = me?.preview ?? null;
  const part = $("preview");
  part.hidden = !preview;
  if (!preview) {
    face = "";
    return;
  }
  if (shown !== preview.attempt) error = "";
  shown = preview.attempt;
  const wanted = JSON.stringify([preview, error, language]);
  if (wanted !== face) {
    face = wanted;
    part.className = preview.dialled ? "pop preview ringing" : "pop preview";
    part.replaceChildren(about(preview), time(preview, me), preview.dialled ? "" : choices(line));
  }
  const left = $("preview-left");
  if (left) left.textContent = duration(Math.max(0, Math.ceil((Date.parse(preview.until) - line.now()) / 1000)));
}

function about(preview) {
  const asked = preview.callback_at && new Date(preview.callback_at).toLocaleString(locale, { dateStyle: "short", timeStyle: "short" });
  return element(
    "div",
    "who-calls",
    element("p", "kind", element("i", "mark reserved"), text(preview.dialled ? "preview_dialled" : "preview_lead")),
    element("h2", "", preview.contact_name || phone(preview.number)),
    element("p", "number", phone(preview.number)),
    element(
      "p",
      "tags",
      element("span", "tag", preview.title),
      element("span", "tag", text("preview_attempt", { n: preview.ordinal })),
      asked ? element("span", "tag", text("preview_callback", { at: asked })) : null,
    ),
    columnList(preview.columns),
  );
}

function time(preview, me) {
  if (preview.dialled || !preview.until) return element("div", "since", clock(me.since));
  const left = element("time");
  left.id = "preview-left";
  return element("div", "since", left, element("small", "", text(preview.dials_itself ? "preview_then_dials" : "preview_then_back")));
}

function choices(line) {
  const dial = button(`${text("preview_dial")} (D)`, "primary", () => tell(line, "dial"));
  dial.id = "preview-dial";
  const why = element("select");
  why.id = "preview-why";
  why.setAttribute("aria-label", text("preview_why"));
  why.append(...SKIPS.map((one) => new Option(text(`skip_${one}`), text(`skip_${one}`))));
  const skip = button(`${text("preview_skip")} (S)`, "", () => tell(line, "skip", { reason: why.value }));
  skip.id = "preview-skip";
  const said = element("p", "error", error);
  said.setAttribute("role", "alert");
  return element("div", "picker", element("div", "buttons", dial, element("span", "joined", why, skip)), said);
}

async function tell(line, what, body) {
  try {
    await ask("POST", `/me/preview/${what}`, body);
    error = "";
  } catch (refusal) {
    error = text("refused", { why: refusal.message });
  }
  line.changed();
}

/** D dials, S skips, unless something is being typed or chosen. */
export function wirePreview($) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || $("preview").hidden) return;
    if (event.target.closest?.("input, textarea, select")) return;
    const pressed = { KeyD: "preview-dial", KeyS: "preview-skip" }[event.code]; // the key, whatever the alphabet
    if (!pressed) return;
    $(pressed)?.click();
    event.preventDefault();
  });
}
