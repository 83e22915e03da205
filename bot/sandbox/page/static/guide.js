// The card that tells the story. It never stands in the way: it can be skipped, closed and begun again, and
// a step is over when its deed is done, however that was.

import { post } from "./api.js";
import { begin } from "./composer.js";
import { fill, h, notice } from "./dom.js";
import { toEnd } from "./messages.js";
import { showConversation, showSide } from "./panels.js";
import { action, goToPart } from "./side.js";
import { changed, choose, store } from "./store.js";
import { MORE, STEPS, budgetsIn, checksIn, gatesIn, reviewsIn } from "./story.js";
import { cardRoom } from "./who.js";

const card = document.getElementById("guide");
const opener = document.getElementById("guide-open");
const body = h("div", { class: "telling" });
const told = h("p", { class: "hidden", role: "status" });
const acts = h("div", { class: "row acts" });
const state = { run: "", step: 0, open: true, mark: { incidents: 0, notifications: 0 }, ...JSON.parse(localStorage.getItem("guide") ?? "{}") };
let drawn = "";
let within = false; // whether the focus was last in the card

function keep(changes) {
  Object.assign(state, changes);
  localStorage.setItem("guide", JSON.stringify(state));
}

const marked = () => ({ incidents: store.pagerduty.incidents.length, notifications: store.pagerduty.notifications.length, budgets: budgetsIn(store), gates: gatesIn(store), reviews: reviewsIn(store), checks: checksIn(store) });

function goTo(step) {
  keep({ step, ...(STEPS[step]?.chapter ? { mark: marked() } : {}) });
  changed();
}

function beginAgain() {
  keep({ open: true });
  goTo(0);
  const first = card.querySelector("h2");
  setTimeout(() => first.focus());
}

/** Another sandbox than the one in which the story went on: it begins anew, if it was not over or closed. */
function beginIn(run) {
  keep({ run, open: state.open && state.step < STEPS.length });
  goTo(0);
}

function close() {
  keep({ open: false });
  changed();
  opener.focus();
}

function open() {
  if (state.step >= STEPS.length) return beginAgain();
  keep({ open: true });
  return changed();
}

export function startGuide() {
  const small = (label, text, run) => h("button", { type: "button", class: "plain", "aria-label": label, title: label, onclick: run }, text);
  fill(
    card,
    h("header", {}, h("h2", { id: "guide-title", tabindex: "-1" }), h("div", {}, small("Begin the story again", "↺", beginAgain), small("Close the story", "×", close))),
    h("progress", { max: STEPS.length, value: 0, "aria-label": "Steps done" }),
    body,
    acts,
    told,
  );
  document.addEventListener("focusin", ({ target }) => (within = card.contains(target)));
  opener.addEventListener("click", () => (state.open ? close() : open()));
}

export function renderGuide() {
  if (!store.connected) return;
  if (state.run !== store.run) beginIn(store.run);
  while (state.step < STEPS.length && STEPS[state.step].done(store, state.mark)) goTo(state.step + 1);
  card.hidden = !state.open;
  opener.setAttribute("aria-expanded", String(state.open));
  document.body.dataset.step = state.open ? (STEPS[state.step]?.name ?? "end") : "";
  if (state.open) draw(STEPS[state.step]);
}

function draw(step) {
  const offered = step ? step.acts.filter((act) => act.when?.(store, state.mark) ?? true) : [];
  const sign = JSON.stringify([state.step, offered.map((act) => act.label)]);
  if (sign === drawn) return;
  drawn = sign;
  const title = step ? step.title : "That is the story";
  card.querySelector("h2").textContent = title;
  card.querySelector("progress").value = state.step;
  if (step) tell(step, offered);
  else tellEnd();
  told.textContent = `${title}. ${body.innerText}`;
  // What had the focus may be gone, as its deed is done.
  if (within && !card.contains(document.activeElement)) card.querySelector("h2").focus();
}

function tell(step, offered) {
  fill(body, h("p", {}, step.text.map((part) => (part.code ? h("code", {}, part.code) : `${part} `))));
  fill(acts, offered.map((act) => (act.next ? plain(act.label, "primary", skip) : action(act.label, act.label, "primary", () => doing(act)))), plain("Show me", "look", () => look(step)), plain("Skip", "plain", skip));
}

function tellEnd() {
  fill(
    body,
    h("p", {}, "What else to try:"),
    h("ul", {}, MORE.map((more) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => lead(more) }, more.text)))),
  );
  fill(acts, plain("Close", "primary", close));
}

const plain = (label, style, run) => h("button", { type: "button", class: style, data: { focus: label }, onclick: run }, label);
const skip = () => goTo(state.step + 1);

function look(step) {
  if (step.panel === "home") return toHome();
  if (step.panel === "side") {
    showSide();
    goToPart(step.part);
    return;
  }
  toRoom();
  goToLast(step.control);
}

/** To the app's Home tab. */
function toHome() {
  const app = [...store.channels.values()].find((channel) => channel.is_im);
  if (!app) return;
  choose(app.id);
  store.tab = "home";
  showConversation();
  changed();
}

/** To that channel itself: a thread that is open beside it, or over it, is closed. */
function toRoom() {
  const room = cardRoom(store);
  if (room) choose(room.id);
  store.thread = null;
  showConversation();
  changed();
  return room;
}

/** Where a suggestion begins: with a text in the message box, at a control, or in a part of the side. */
function lead({ write, at, part }) {
  if (part) {
    showSide();
    goToPart(part);
    return;
  }
  if (at === "#act-as") return document.querySelector(at).focus();
  toRoom();
  if (write) setTimeout(() => begin(write));
  else goToLast(at);
}

/** To the newest control of a kind, once the channel is drawn. */
function goToLast(control) {
  setTimeout(() => {
    const deed = [...document.querySelectorAll(control)].at(-1);
    deed?.scrollIntoView({ block: "nearest" });
    deed?.focus();
  });
}

async function doing(act) {
  if (act.post) await post(act.post, act.body);
  else if (act.home) toHome();
  else if (act.advance) await post("/clock", { advance_ms: act.advance * 60_000 });
  else await command(act.command);
}

async function command(text) {
  const [name, ...words] = text.split(" ");
  const room = toRoom();
  if (!room) throw new Error("This person is in no channel.");
  toEnd();
  const reply = await post("/slack/command", { user: store.me, channel: room.id, command: name, text: words.join(" ") });
  if (reply.ok === false) notice(`opsbot did not take it (${reply.error}).`);
}
