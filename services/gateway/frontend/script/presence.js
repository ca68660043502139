// Says to the server which record this page shows, so that two people on one see each other.
const EVERY_MS = 20_000;

export function startPresence() {
  const place = document.querySelector("[data-present]");
  const mark = document.querySelector("input[name=csrf]");
  if (!place || !mark || !window.crypto?.randomUUID) {
    return;
  }
  const page = window.crypto.randomUUID();
  const form = document.querySelector("form[data-form]");
  let typing = "";
  const body = () => new URLSearchParams({ csrf: mark.value, page, subject: place.dataset.present, typing });
  const say = () => fetch("/present", { method: "POST", body: body(), redirect: "manual" }).catch(() => null);
  say();
  window.setInterval(say, EVERY_MS);
  form?.addEventListener("input", () => {
    if (!typing) {
      typing = form.dataset.form.split(":")[0];
      say();
    }
  });
  window.addEventListener("pagehide", () => navigator.sendBeacon("/present/leave", body()));
}
