/**
 * A link from another site arrives here although somebody is signed in: the session cookie is not sent along
 * (SameSite=Strict). A request of this page's own has it, so the reader need not sign in again.
 */
export function startSignIn(): void {
  const to = document.body.dataset["to"] ?? "/console";
  if (document.querySelector("[role=alert]") !== null) return;
  void fetch("/api/incident", { credentials: "same-origin" })
    .then((response) => {
      if (response.ok) location.replace(to.startsWith("/console") ? to : "/console");
    })
    .catch(() => undefined);
}
