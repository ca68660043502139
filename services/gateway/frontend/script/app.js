// The one script of the pages. Pages work without it: it makes them quicker and kinder, never possible.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import "htmx.org/dist/htmx.esm.min.js";
import { startDrafts } from "./drafts.js";
import { startLive } from "./live.js";
import { markSupported, startAgain } from "./page.js";
import { startPresence } from "./presence.js";

markSupported();
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
startAgain((part) => {
  for (const component of [Button, CharacterCount, Checkboxes, Radios]) {
    createAll(component, undefined, part);
  }
});
startDrafts();
startPresence();
startLive();
