// The page: log-in, then the floor live.

import { wireAccount } from "./account.js";
import { Refused, ask } from "./asking.js";
import { button, element, runClocks, show } from "./build.js";
import { drawDispose, wireDispose } from "./dispose.js";
import { drawMine, drawPop, wireMine } from "./mine.js";
import { campaignTile } from "./campaigns.js";
import { alarmText, callRow, missedRow, operatorCard, parkedRow, queueTile, waitingRow } from "./parts.js";
import { Line } from "./line.js";
import { drawPreview, wirePreview } from "./preview.js";
import { drawStopped, followStopped, wireStopped } from "./stopped.js";
import { language, locale, speak, text, textOr, translate } from "./texts.js";

const $ = (id) => document.getElementById(id);
const DRAW_MS = 40; // many messages, one drawing
let drawing = null;
const closedAlarms = new Set();
const closedMissed = new Set();

const line = new Line(() => (drawing ??= setTimeout(draw, DRAW_MS)), askLogin);

function askLogin() {
  line.close();
  line.forget();
  $("floor").hidden = $("line").hidden = $("pbx-lost").hidden = $("records").hidden = true;
  $("log-out").hidden = $("change-password").hidden = true;
  $("password-dialog").close();
  $("who").textContent = $("account-said").textContent = "";
  $("login").hidden = false;
  $("username").focus();
}

function enter(me) {
  $("login").hidden = true;
  $("floor").hidden = $("line").hidden = $("log-out").hidden = $("change-password").hidden = false;
  $("who").textContent = me.display_name;
  line.open();
  wireMine(line, $);
}

async function start() {
  $("language").value = language;
  translate(document);
  setInterval(tick, 500);
  wireAccount($, () => line.own !== null, askLogin);
  wireDispose($);
  wirePreview($);
  wireStopped(line, $);
  try {
    const answer = await fetch("/api/v1/me", { cache: "no-store" });
    if (answer.ok) enter(await answer.json());
    else askLogin();
  } catch {
    askLogin();
    $("login-error").textContent = text("no_service");
  }
}

$("language").addEventListener("change", (event) => {
  speak(event.target.value);
  wireMine(line, $);
  drawStopped($);
  draw();
});

$("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = $("login-error");
  error.textContent = $("login-said").textContent = "";
  const { username, password } = Object.fromEntries(new FormData(event.target));
  try {
    const me = await ask("POST", "/session", { username, password });
    event.target.reset();
    enter(me);
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    const wrongSetup = refusal.code.startsWith("page.");
    error.textContent = wrongSetup ? text("wrong_setup", { detail: refusal.message }) : refusal.sentence;
    $("password").select();
  }
});

function draw() {
  clearTimeout(drawing);
  drawing = null;
  drawLine();
  const queues = [...line.queues.values()].sort((a, b) => a.title.localeCompare(b.title, language));
  const operators = [...line.operators.values()].sort((a, b) => a.name.localeCompare(b.name, language));
  const calls = [...line.calls.values()].sort((a, b) => a.waiting_since.localeCompare(b.waiting_since));
  const waits = (call) => ["waiting", "offered", "ringing"].includes(call.state);
  const waiting = calls.filter(waits);
  const talking = calls.filter((call) => !waits(call));
  const nameOf = (id) => line.operators.get(id)?.name ?? "";
  const titleOf = (id) => line.queues.get(id)?.title ?? id;
  const item = (call) => ({ ...call, operator_name: nameOf(call.operator), queue_title: titleOf(call.queue) });
  show($("queues"), queues, (one) => one.id, queueTile, text("no_queues"));
  const campaigns = [...line.campaigns.values()].sort((a, b) => a.title.localeCompare(b.title, language));
  $("campaigns-part").hidden = !campaigns.length;
  show($("campaigns"), campaigns.map((one) => ({ ...one, queue_title: titleOf(one.queue) })), (one) => one.id, campaignTile, "");
  const targets = (call) => ({ ...item(call), target_s: line.queues.get(call.queue)?.target_s ?? 0 });
  show($("waiting"), waiting.map(targets), (one) => one.id, waitingRow, text("no_waiting"));
  show($("calls"), talking.map(item), (one) => one.id, callRow, text("no_calls"));
  show($("operators"), operators, (one) => one.id, operatorCard, text("no_operators"));
  $("waiting-count").textContent = waiting.length || "";
  $("calls-count").textContent = talking.length || "";
  $("operators-count").textContent = operators.length || "";
  drawAlarms(nameOf);
  drawMissed(titleOf);
  const own = line.sees === "own";
  const parked = line.own === null ? [] : calls.filter((call) => call.parked);
  const full = line.parkingFull && line.own !== null;
  $("parked-part").hidden = !parked.length && !full;
  $("parking-full").hidden = !full;
  $("parked-count").textContent = parked.length;
  show($("parked"), parked.map(item), (one) => one.id, parkedRow, "");
  $("operators-part").hidden = own;
  document.querySelector(".columns").hidden = own;
  drawMine(line, $);
  drawPop(line, $, titleOf);
  drawPreview(line, $);
  drawDispose(line, $);
  followStopped(line, $);
  tick();
}

/** Alarms stay until they are closed; on this page only. */
function drawAlarms(nameOf) {
  const shown = line.alarms.filter((one) => !closedAlarms.has(one.raised));
  const list = $("alarms");
  list.hidden = !shown.length;
  show(
    list,
    shown.map((one) => ({ ...one, name: nameOf(one.operator) })),
    (one) => one.raised,
    (one) =>
      element(
        "li",
        "warning",
        element("time", "", new Date(one.raised).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" })),
        element("span", "", alarmText(one, one.name)),
        button(text("close"), "plain", () => (closedAlarms.add(one.raised), draw())),
      ),
    "",
  );
}

/** Missed calls stay until they are closed, on this page, or the operator goes home. */
function drawMissed(titleOf) {
  const missed = line.operators.get(line.own)?.missed ?? [];
  const shown = missed.filter((one) => !closedMissed.has(one.at + one.call));
  $("missed-part").hidden = !shown.length;
  const row = (one) => missedRow(one, () => (closedMissed.add(one.at + one.call), draw()));
  show($("missed"), shown.map((one) => ({ ...one, queue_title: titleOf(one.queue) })), (one) => one.at + one.call, row, "");
}

function drawLine() {
  const at = line.heardAt ? new Date(line.heardAt).toLocaleTimeString(locale) : "";
  const name = { live: "live", stale: "stale", outdated: "outdated" }[line.state] ?? "connecting";
  $("line").className = `line ${name}`;
  $("line-text").textContent = text(name, { at });
  $("floor").classList.toggle("stale", name !== "live");
  $("pbx-lost").hidden = line.linked || line.state !== "live"; // else nobody tells how they are
  $("records").hidden = line.records === "written" || line.state !== "live";
  $("records").className = `warning ${line.records}`;
  $("records").textContent = textOr(`records_${line.records}`, "");
}

function tick() {
  const now = line.now();
  $("clock").textContent = new Date(now).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  runClocks(now);
  drawMine(line, $, { onlyClock: true });
  drawPreview(line, $);
  drawDispose(line, $);
}

start();
