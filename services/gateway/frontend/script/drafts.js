// What is typed is kept on the server while it is typed. When that fails it stays in the field, says so, and is tried again.
import { announce } from "./page.js";

const AFTER_TYPING_MS = 1_000;
const AGAIN_MS = 3_000;

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-form]")) {
    keep(form);
  }
}

function keep(form) {
  let waiting = 0;
  let saving = null;
  let sent = false;
  let lost = false;
  const says = form.querySelector("[data-saved]");

  const soon = (delay) => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(save, delay);
  };

  async function save() {
    if (sent || !("dirty" in form.dataset)) {
      return;
    }
    const typed = new URLSearchParams(new FormData(form));
    saving = new AbortController();
    const answer = await fetch("/typed", { method: "POST", body: typed, signal: saving.signal, redirect: "manual" }).catch(() => null);
    saving = null;
    if (sent) {
      return;
    }
    if (answer?.status === 204) {
      if (new URLSearchParams(new FormData(form)).toString() === typed.toString()) {
        delete form.dataset.dirty;
      }
      const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      says.textContent = `What you typed was saved at ${at}`;
      if (lost) {
        lost = false;
        notice("");
        announce("Saved again. Nothing was lost.");
      }
      return;
    }
    if (answer?.status === 401 || answer?.status === 403) {
      const again = await anew(form);
      problem(again ? "" : "You have been signed out. What you typed stays here: sign in again in another tab, then go on here.", !again);
    } else {
      problem("The connection is lost. What you typed stays here and is saved as soon as the connection is back. Do not close this page.");
    }
    soon(AGAIN_MS);
  }

  function problem(words, signIn = false) {
    if (words && !lost) {
      announce(words);
    }
    lost = lost || words !== "";
    notice(words, signIn);
    if (words) {
      says.textContent = "Not saved yet";
    }
  }

  form.addEventListener("input", () => {
    form.dataset.dirty = "";
    soon(AFTER_TYPING_MS);
  });
  form.addEventListener("change", () => {
    form.dataset.dirty = "";
    soon(0);
  });
  form.addEventListener("submit", (event) => {
    if (lost) {
      event.preventDefault();
      announce("Not sent: what you typed could not be saved yet.");
      soon(0);
      return;
    }
    sent = true;
    window.clearTimeout(waiting);
    saving?.abort();
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("pagehide", () => {
    if (!sent && "dirty" in form.dataset) {
      navigator.sendBeacon("/typed", new URLSearchParams(new FormData(form)));
    }
  });
}

// A sign-in in another tab gives this page the mark that its forms need. False while nobody is signed in.
async function anew(form) {
  const answer = await fetch(form.getAttribute("action"), { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) {
    return false;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("input[name=csrf]");
  if (!fresh) {
    return false;
  }
  for (const mark of document.querySelectorAll("input[name=csrf]")) {
    mark.value = fresh.value;
  }
  return true;
}

function notice(words, signIn = false) {
  let place = document.getElementById("connection");
  if (!words) {
    place?.remove();
    return;
  }
  if (!place) {
    place = document.createElement("div");
    place.id = "connection";
    place.className = "govuk-inset-text icart-connection";
    document.getElementById("main").prepend(place);
  }
  const line = document.createElement("p");
  line.className = "govuk-body";
  line.textContent = words;
  place.replaceChildren(line);
  if (signIn) {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = "/sign-in?to=/desktops";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in (opens in a new tab)";
    place.append(link);
  }
}
