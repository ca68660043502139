// What is typed is kept on the server while it is typed. When that fails it stays in the field, says so, and is tried again.
// A form says in `data-keeps` where it is kept; `data-keeps-as` names what is sent beside the fields, so that nothing else is done.
import { announce } from "./page.js";

const AFTER_TYPING_MS = 1_000;
const AGAIN_MS = 3_000;

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-keeps]")) {
    keep(form);
  }
}

function keep(form) {
  let waiting = 0;
  let saving = false;
  let pressed = null;
  let sent = false;
  let lost = false;
  const says = form.querySelector("[data-saved]");
  const where = form.dataset.keeps;

  const typed = () => {
    const found = new URLSearchParams(new FormData(form));
    if (form.dataset.keepsAs) {
      found.set(form.dataset.keepsAs, "1");
    }
    return found;
  };

  const soon = (delay) => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(save, delay);
  };

  async function save() {
    if (sent || saving || !("dirty" in form.dataset)) {
      return;
    }
    saving = true;
    await kept();
    saving = false;
    if (pressed) {
      const { by } = pressed;
      pressed = null;
      form.requestSubmit(by);
    }
  }

  async function kept() {
    const body = typed();
    const answer = await fetch(where, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.ok) {
      if (typed().toString() === body.toString()) {
        delete form.dataset.dirty;
      } else {
        soon(AFTER_TYPING_MS);
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
    if (answer?.status === 401 || answer?.status === 403 || answer?.type === "opaqueredirect") {
      await shut();
    } else {
      problem("The connection is lost. What you typed stays here and is saved as soon as the connection is back. Do not close this page.");
    }
    soon(AGAIN_MS);
  }

  // The server does not know this page any more: the sign-in has ended, or the form is not this browser's.
  async function shut() {
    if (!form.elements.csrf) {
      problem("This form is not open in this browser any more, so what you type is not saved. It stays here: copy what you need before you leave this page.");
      return;
    }
    const again = await anew(form);
    problem(again ? "" : "You have been signed out. What you typed stays here: sign in again in another tab, then go on here.", !again);
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
    if (lost || !navigator.onLine) {
      event.preventDefault();
      announce("Not sent: what you typed could not be saved yet.");
      form.dataset.dirty = "";
      soon(0);
      return;
    }
    if (saving) { // what is on its way is older than what is sent now: it arrives first
      event.preventDefault();
      pressed = { by: event.submitter };
      return;
    }
    sent = true;
    window.clearTimeout(waiting);
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("pagehide", () => {
    if (!sent && "dirty" in form.dataset) {
      navigator.sendBeacon(where, typed());
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
