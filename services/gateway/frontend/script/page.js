// What GOV.UK's components ask of a page, and the same again for the parts that htmx puts into it.

// Their style shows what needs script (a counter, conditional questions) only when the body says that script runs.
export function markSupported() {
  document.body.classList.add("js-enabled");
  if ("noModule" in HTMLScriptElement.prototype) {
    document.body.classList.add("govuk-frontend-supported");
  }
}

// Calls `start` with each part of the page that has been exchanged.
export function startAgain(start) {
  document.addEventListener("htmx:after:swap", (event) => {
    const part = event.detail?.ctx?.target ?? event.target;
    if (part instanceof HTMLElement) {
      start(part);
    }
  });
}

// Says something to whoever listens to the page instead of looking at it, politely: one sentence at a time. What comes while
// another is being said waits for its turn, and what waits already is not said twice.
const SAID_MS = 1_500;
const toSay = [];
let saying = false;

export function announce(words) {
  if (words && !toSay.includes(words)) {
    toSay.push(words);
  }
  if (!saying) {
    sayNext();
  }
}

function sayNext() {
  const place = document.getElementById("announcements");
  saying = Boolean(place) && toSay.length > 0;
  if (!saying) {
    return;
  }
  place.textContent = "";
  window.setTimeout(() => {
    place.textContent = toSay.shift();
    window.setTimeout(sayNext, SAID_MS);
  }, 50);
}
