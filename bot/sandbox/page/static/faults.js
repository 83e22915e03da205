// The bot's process, and what is to go wrong around it.

import { post } from "./api.js";
import { busy, fill, h } from "./dom.js";
import { action, gist } from "./side.js";
import { changed, store } from "./store.js";

const FAULTS = [
  { label: "Slack answers 429", side: "slack", fault: { kind: "ratelimited", retry_after: 5 }, then: "opsbot waits as long as Slack asks, then goes on: cards come late, none is lost. Pages do not wait for Slack." },
  { label: "Slack is down", side: "slack", fault: { kind: "down" }, then: "People are still paged. What was to be posted follows once Slack is back." },
  { label: "PagerDuty is down", side: "pagerduty", fault: { kind: "down" }, then: "Pages are kept and tried again; the next tier's time comes all the same." },
  { label: "Prometheus is down", side: "prometheus", fault: { kind: "down" }, then: "Type /slo: opsbot shows the last numbers with their age, or says that there are none. Paging never needs Prometheus." },
  { label: "The deployer is down", side: "deployer", fault: { kind: "down" }, then: "Roll back a change of payment: opsbot asks the webhook again for five minutes, then says that it is done by hand." },
  { label: "The deployer refuses", side: "deployer", fault: { kind: "status", status: 403 }, then: "Roll back a change of payment: opsbot says at once that it is done by hand." },
];

const here = () => FAULTS.filter(({ side }) => store.stand_ins.includes(side));
const active = (side) => (side === "slack" ? store.slack_faults.faults : store[side]?.faults) ?? [];
const isOn = ({ side, fault }) => active(side).some((one) => one.kind === fault.kind);

async function apply(side, faults) {
  const answer = await post(`/${side}/faults`, { clear: true, add: faults });
  if (side === "slack") store.slack_faults = answer;
  else store[side] = { ...store[side], faults: answer.faults };
}

async function toggle(entry) {
  const wanted = here().filter((other) => other.side === entry.side && (other === entry) !== isOn(other));
  await apply(entry.side, wanted.map((other) => other.fault));
  changed();
}

async function clear() {
  const sides = new Set(here().map(({ side }) => side));
  await Promise.all([...sides].map((side) => apply(side, [])));
  changed();
}

const kill = () => post("/bot/kill");
const start = () => post("/bot/start");

export function renderBot() {
  const { state, exit_code, log } = store.bot;
  const down = state === "down";
  fill(
    document.getElementById("bot"),
    h(
      "div",
      { class: "process" },
      h("p", { class: `light ${state}` }, h("strong", {}, "opsbot "), stateOf(store.bot)),
      down ? action("Start", "bot", "primary", start) : action("kill -9", "bot", "danger", kill),
    ),
    h("p", { class: "then" }, down
      ? "Commands and buttons fail, as they would in Slack. Whom to page and when is in its database: start it, and it goes on there."
      : "Kill it at any moment: no page is lost, and none goes out twice."),
    down && h("details", { class: "log", open: exit_code !== -9 }, h("summary", {}, "Its last lines"), h("pre", { tabindex: "0" }, log.join("\n") || "It wrote nothing.")),
  );
}

function stateOf({ state, exit_code }) {
  if (state !== "down" || exit_code === null) return state;
  return exit_code === -9 ? "was killed" : `ended with exit code ${exit_code}`;
}

export function renderFaults() {
  const switches = here().map((entry) => {
    const on = isOn(entry);
    const input = h("input", { type: "checkbox", role: "switch", checked: on, "aria-describedby": on && `then-${entry.side}-${entry.fault.kind}`, data: { focus: entry.label } });
    input.addEventListener("change", () => busy(input, () => toggle(entry)));
    return [
      h("label", { class: "switch" }, input, h("span", {}, entry.label)),
      on && h("p", { class: "then", id: `then-${entry.side}-${entry.fault.kind}` }, entry.then),
    ];
  });
  const on = here().filter(isOn);
  fill(document.getElementById("faults"), switches, h("div", { class: "row" }, on.length > 0 && action("Clear", "clear", "", clear, { title: "Switch all of them off" })));
  gist("faults", headline(on), on.length > 0 || store.bot.state === "down" ? "bad" : store.bot.state === "running" ? "well" : "wary");
}

function headline(on) {
  if (store.bot.state === "down") return "opsbot is down";
  return on.length > 0 ? on.map((entry) => entry.label).join(", ") : store.bot.state;
}

/** What is wrong on purpose, at the top, wherever the person looks. */
export function renderBanner() {
  const down = store.bot.state === "down";
  const wrong = [down && `opsbot ${stateOf(store.bot)}`, ...here().filter(isOn).map((entry) => entry.label)].filter(Boolean);
  const banner = document.getElementById("banner");
  const text = wrong.join(" · ");
  if (banner.dataset.sign === text) return;
  banner.dataset.sign = text;
  const some = wrong.length > (down ? 1 : 0);
  fill(
    banner,
    text && h("p", {}, h("strong", {}, down && store.bot.exit_code !== -9 ? "Trouble: " : "On purpose: "), text),
    down && action("Start opsbot", "start", "", start),
    some && action("Clear faults", "clear", "", clear),
  );
}
