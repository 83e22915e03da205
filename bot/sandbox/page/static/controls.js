// The sandbox's own controls: its clock, the bot's process, and what is to go wrong.

import { get, post, remove } from "./api.js";
import { busy, fill, h } from "./dom.js";
import { changed, now, store } from "./store.js";
import { day, timeWithSeconds } from "./when.js";

const MINUTE = 60_000;
const STEPS = [["+1 min", MINUTE], ["+15 min", 15 * MINUTE], ["+1 h", 60 * MINUTE]];

function action(label, focus, style, run) {
  const node = h("button", { type: "button", class: style, data: { focus } }, label);
  node.addEventListener("click", () => busy(node, run));
  return node;
}

// Clock

const face = h("p", { class: "face" });
const ahead = h("p", { class: "quiet" });

export function startClock() {
  const advance = (milliseconds) => () => post("/clock", { advance_ms: milliseconds });
  const steps = STEPS.map(([label, step]) => action(label, label, "", advance(step)));
  fill(document.getElementById("clock"), face, ahead, h("div", { class: "row" }, steps));
  setInterval(renderClock, 1000);
}

export function renderClock() {
  const at = new Date(now());
  face.textContent = `${timeWithSeconds(at)} · ${day(at)}`;
  ahead.textContent = store.offset ? `${length(store.offset)} ahead of this machine` : "As on this machine";
}

function length(milliseconds) {
  const minutes = Math.round(milliseconds / MINUTE);
  const parts = [[Math.floor(minutes / 1440), "d"], [Math.floor(minutes / 60) % 24, "h"], [minutes % 60, "min"]];
  return parts.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}`).join(" ") || "Less than a minute";
}

// Bot

export function renderBot() {
  const { state, exit_code, log } = store.bot;
  const down = state === "down";
  const reason = exit_code === -9 ? "killed" : `ended with exit code ${exit_code}`;
  fill(
    document.getElementById("bot"),
    h("p", { class: `light ${state}`, role: "status" }, down && exit_code !== null ? `down: ${reason}` : state),
    h(
      "div",
      { class: "row" },
      down ? action("Start", "bot", "primary", () => post("/bot/start")) : action("kill -9", "bot", "danger", () => post("/bot/kill")),
    ),
    down && h("details", { open: exit_code !== -9 }, h("summary", {}, "Its last lines"), h("pre", { tabindex: "0" }, log.join("\n") || "It wrote nothing.")),
  );
}

// Faults

const FAULTS = [
  { label: "Slack answers 429", side: "slack", fault: { kind: "ratelimited", retry_after: 5 } },
  { label: "Slack is down", side: "slack", fault: { kind: "down" } },
  { label: "PagerDuty is down", side: "pagerduty", fault: { kind: "down" } },
];

const active = (side) => (side === "slack" ? store.slack_faults.faults : store.pagerduty.faults);
const isOn = ({ side, fault }) => active(side).some((one) => one.kind === fault.kind);

async function apply(side, faults) {
  if (side === "slack") {
    store.slack_faults = await post("/slack/faults", { clear: true, add: faults });
    return;
  }
  await remove("/pagerduty/faults");
  for (const fault of faults) await post("/pagerduty/faults", fault);
  store.pagerduty = await get("/pagerduty/state");
}

async function toggle(entry) {
  const wanted = FAULTS.filter((other) => other.side === entry.side && (other === entry) !== isOn(other));
  await apply(entry.side, wanted.map((other) => other.fault));
  changed();
}

async function clear() {
  await apply("slack", []);
  await apply("pagerduty", []);
  changed();
}

export function renderFaults() {
  const switches = FAULTS.map((entry) => {
    const input = h("input", { type: "checkbox", role: "switch", checked: isOn(entry), data: { focus: entry.label } });
    input.addEventListener("change", () => busy(input, () => toggle(entry)));
    return h("label", { class: "switch" }, input, h("span", {}, entry.label));
  });
  const any = FAULTS.some(isOn);
  fill(document.getElementById("faults"), switches, h("div", { class: "row" }, any && action("Clear", "clear", "", clear)));
}
