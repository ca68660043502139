// What changes elsewhere, shown without a reload: one stream for all tabs of a browser, parts exchanged politely.
import { announce } from "./page.js";

const CHANNEL = "icart-live";

export function startLive() {
  const from = document.body.dataset.liveFrom;
  if (!from || !("EventSource" in window) || !navigator.locks) {
    return;
  }
  const others = new BroadcastChannel(CHANNEL);
  others.onmessage = (event) => heard(event.data);
  // Whoever holds the lock has the stream; when that tab goes, another takes over.
  let leads = false;
  navigator.locks.request(CHANNEL, () => {
    leads = true;
    const stream = new EventSource(`/live?from=${encodeURIComponent(from)}`);
    stream.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      others.postMessage(change);
      heard(change);
    });
    return new Promise((_, give) => {
      window.addEventListener("pagehide", () => {
        stream.close();
        give(new Error("the page was left"));
      });
    });
  }).catch(() => {});
  window.setTimeout(async () => {
    if (!leads) {
      const missed = await fetch(`/live/since?from=${encodeURIComponent(from)}`, { redirect: "manual" }).catch(() => null);
      if (missed?.ok) {
        heard(await missed.json());
      }
    }
  }, 100);
}

function heard(change) {
  const touched = (ids, id) => change.many || (ids ?? []).includes(id);
  for (const part of document.querySelectorAll("[data-live]")) {
    const id = part.dataset.live;
    if (id === "lists" ? change.lists : touched(change.contacts, id)) {
      refresh(part);
    }
  }
  for (const banner of document.querySelectorAll("[data-answer]")) {
    if (banner.dataset.answer && touched(change.answers, banner.dataset.answer)) {
      exchange(banner, `/answers/${banner.dataset.answer}`, (words) => announce(words));
    }
  }
  for (const place of document.querySelectorAll("[data-present]")) {
    if (touched(change.present, place.dataset.present)) {
      exchange(place, `/present/${place.dataset.present}`, (words) => words && announce(words), true);
    }
  }
}

const wanted = new Set();
let asking = 0;

// Parts as the server shows them now. Several changes at once are one question, and one sentence to whoever listens.
function refresh(part) {
  wanted.add(part.id);
  window.clearTimeout(asking);
  asking = window.setTimeout(renew, 150);
}

async function renew() {
  const ids = [...wanted];
  wanted.clear();
  const parts = ids.map((id) => document.getElementById(id)).filter(Boolean);
  parts.filter(isTyping).forEach(offer);
  if (parts.every(isTyping)) {
    return;
  }
  const answer = await fetch(window.location.href, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const changed = [];
  for (const id of ids) {
    const now = document.getElementById(id);
    const then = fresh.getElementById(id);
    if (now && then && !isTyping(now) && now.innerHTML !== then.innerHTML) {
      put(now, then);
      changed.push(now.dataset.what ?? "This page");
    }
  }
  if (changed.length > 0) {
    announce(`${changed.join(", ")}: changed by somebody else`);
  }
}

// Whoever types in a part is left alone, and asked.
function isTyping(part) {
  const focused = document.activeElement;
  const field = focused instanceof HTMLElement && focused.matches("input:not([type=hidden]), textarea, select");
  return (field && part.contains(focused)) || part.querySelector("form[data-dirty]") !== null;
}

function offer(part) {
  if (part.querySelector("[data-offer]")) {
    return;
  }
  const line = document.createElement("div");
  line.className = "govuk-inset-text";
  line.dataset.offer = "";
  const words = document.createElement("p");
  words.className = "govuk-body";
  words.textContent = "Somebody else has changed this meanwhile. What you type is kept.";
  line.append(words);
  part.prepend(line);
  announce(words.textContent);
}

async function exchange(place, address, say, inside = false) {
  const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) {
    return;
  }
  const before = place.textContent.trim();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (inside) {
    place.replaceChildren(...fresh.childNodes);
  } else {
    put(place, fresh.firstElementChild ?? fresh);
  }
  const words = fresh.textContent.trim() || place.textContent.trim();
  if (words !== before) {
    say(words.replace(/\s+/g, " "));
  }
}

// Exchanges what is within, and leaves the focus and what was opened as they were.
function put(place, fresh) {
  const focused = document.activeElement;
  const id = place.contains(focused) ? focused.id : "";
  const link = place.contains(focused) && focused instanceof HTMLAnchorElement ? focused.getAttribute("href") : null;
  const opened = [...place.querySelectorAll("details")].map((one) => one.open);
  place.replaceChildren(...fresh.childNodes);
  for (const [name, value] of Object.entries(fresh.dataset ?? {})) {
    place.dataset[name] = value;
  }
  [...place.querySelectorAll("details")].forEach((one, number) => {
    one.open = opened[number] ?? one.open;
  });
  const again = id ? document.getElementById(id) : link ? place.querySelector(`a[href="${CSS.escape(link)}"]`) : null;
  again?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { target: place } } }));
}
