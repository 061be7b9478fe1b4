/**
 * A link from another site leads here although the reader is signed in: the session cookie is not sent along
 * (SameSite=Strict). A request of this page's own has it, so the reader need not sign in again.
 */
export function startSignIn(): void {
  const to = document.body.dataset["to"] ?? "/console";
  if (document.querySelector("[role=alert]") !== null) return;
  void fetch("/console/session", { credentials: "same-origin" })
    .then(async (response) => {
      const { open } = (await response.json()) as { open: boolean };
      if (open) location.replace(/^\/(console|connect)/.test(to) ? to : "/console");
    })
    .catch(() => undefined);
}
