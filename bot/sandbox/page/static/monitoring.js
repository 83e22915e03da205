// What Alertmanager's, Prometheus' and the deployer's stand-ins know, where the sandbox has them.

import { get } from "./api.js";

const PAUSE = 300;
const KEPT = 50;
const SOURCES = ["alertmanager", "prometheus", "deployer"];

/** Loads all into the store, and takes what their feeds tell; `changed` is called once something is new. */
export function monitoringOf(store, changed) {
  const due = new Map();

  async function loadOne(source) {
    if (!store.stand_ins.includes(source)) {
      store[source] = null;
      return;
    }
    try {
      store[source] = await get(`/${source}/state`);
    } catch {
      return; // what was known of it stays: the feed's end is said elsewhere
    }
    changed();
  }

  /** Load one soon, and once for everything that changes until then. */
  function refresh(source) {
    if (due.has(source)) return;
    due.set(source, setTimeout(() => {
      due.delete(source);
      loadOne(source);
    }, PAUSE));
  }

  function takeAlertmanager({ kind, data }) {
    const state = store.alertmanager;
    if (kind === "alert" && state && data.fingerprint) place(state.alerts, data, "fingerprint");
    else if (kind === "notification" && state && data.number) {
      place(state.notifications, data, "number");
      state.notifications.splice(0, state.notifications.length - KEPT);
    }
    else refresh("alertmanager");
  }

  function takePrometheus({ kind, data }) {
    const state = store.prometheus;
    if (kind === "service" && state && data.name) place(state.services, data, "name");
    else refresh("prometheus");
  }

  function takeDeployer({ kind, data }) {
    const state = store.deployer;
    if (kind === "rollback" && state && data.key) place(state.rollbacks, data, "key");
    else refresh("deployer");
  }

  return {
    load: () => Promise.all(SOURCES.map(loadOne)),
    refresh,
    takers: { alertmanager: takeAlertmanager, prometheus: takePrometheus, deployer: takeDeployer },
  };
}

function place(items, item, key) {
  const index = items.findIndex((one) => one[key] === item[key]);
  if (index < 0) items.push(item);
  else items[index] = { ...items[index], ...item };
}
