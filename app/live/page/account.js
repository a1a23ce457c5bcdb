// One's own account: the password, and logging out.

import { wordsOf } from "./asking.js";
import { text } from "./texts.js";

/**
 * @param {(id: string) => HTMLElement} $
 * @param {() => boolean} isOperator whether calls come to who is logged in
 * @param {() => void} loggedOut the session is over
 */
export function wireAccount($, isOperator, loggedOut) {
  const [dialog, form, error, said] = ["password-dialog", "password-form", "password-error", "account-said"].map($);
  $("change-password").addEventListener("click", () => {
    form.reset();
    error.textContent = said.textContent = "";
    dialog.showModal();
  });
  $("password-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    const given = Object.fromEntries(new FormData(form));
    if (given.new !== given.again) {
      error.textContent = text("not_same");
      return;
    }
    error.textContent = await change(given);
    if (error.textContent) return;
    dialog.close();
    said.textContent = text("password_changed");
  });
  $("log-out").addEventListener("click", async () => {
    said.textContent = "";
    const wasOperator = isOperator(); // the line may be told of the end before this request is
    const answer = await fetch("/api/v1/session", { method: "DELETE" }).catch(() => null);
    if (answer?.ok || answer?.status === 401) {
      loggedOut();
      if (wasOperator) $("login-said").textContent = text("gone_offline");
    } else said.textContent = text("not_logged_out");
  });
}

/** Change it; what is wrong, in words, or nothing. */
async function change({ current, new: fresh }) {
  try {
    const answer = await fetch("/api/v1/me/password", {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ current, new: fresh }),
    });
    if (answer.ok) return "";
    if (answer.status === 403) return text("wrong_current");
    if (answer.status === 429) return text("too_many", { s: answer.headers.get("Retry-After") });
    if (answer.status === 422) return text("unfit_password", { why: await wordsOf(await answer.json()) });
  } catch {
    // as a service that is not there
  }
  return text("no_service");
}
