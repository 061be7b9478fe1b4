/** What an empty list of people says. */

/** Nobody at all is something else than nobody who fits. */
export function emptyPeople({ search, held }: { search: string; held: boolean }): { title: string; text: string } {
  if (search !== "") {
    const text = held
      ? "Nobody for whom automations stand back has this in their name or id."
      : "Nobody that this account has heard from has this in their name or id.";
    return { title: `Nobody fits “${search}”`, text };
  }
  return held
    ? { title: "Automations stand back for nobody", text: "They do where a person or another app has taken over." }
    : { title: "Nobody here yet", text: "A person appears with the first comment or message." };
}
