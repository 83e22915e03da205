// The deployer: what it was asked to take back by opsbot's signed webhook.

import { fill, h, reconcile } from "./dom.js";
import { gist, showPart } from "./side.js";
import { store } from "./store.js";

const list = h("ul", { class: "services" });

export function startDeployer() {
  fill(
    document.getElementById("deployer"),
    h("p", { class: "quiet" }, "Stands for what deploys your services. The guide names its webhook for payment: roll back a change of payment, and it is asked here. It checks the signature, and does each rollback once."),
    list,
  );
}

export function renderDeployer() {
  const state = store.deployer;
  showPart("deployer", Boolean(state));
  if (!state) return;
  const asked = [...state.rollbacks].reverse();
  gist("deployer", asked.length > 0 ? `${asked[0].change} is rolled back` : "nothing asked", asked.length > 0 ? "wary" : "well");
  reconcile(list, asked.map((rollback) => ({ key: rollback.key, sign: JSON.stringify(rollback), build: () => show(rollback) })));
}

function show({ change, title, service, reason, by, times, at }) {
  const again = times > 1 ? `, asked ${times} times, done once` : "";
  return h(
    "li",
    { class: "service" },
    h("h3", {}, `${change} ${title}`),
    h("p", { class: "quiet" }, `Rolling back ${service ?? "the platform"} for ${by}${reason ? `: ${reason}` : ""}${again}. `, new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
  );
}
