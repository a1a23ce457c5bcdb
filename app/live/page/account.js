// One's own account: the password, and logging out.

import { ask } from "./asking.js";
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
    await ask("PUT", "/me/password", { current, new: fresh });
    return "";
  } catch (refusal) {
    const unfit = refusal.code.startsWith("password.") && !["password.current_wrong", "password.busy"].includes(refusal.code);
    return unfit ? text("unfit_password", { why: refusal.message }) : refusal.sentence;
  }
}
