/** The text of an empty list of people. */

/** An empty list and a search without a match get different texts. */
export function emptyPeople({ search, held }: { search: string; held: boolean }): { title: string; text: string } {
  if (search !== "") {
    const text = held
      ? "No person with paused automations has this in their name or id."
      : "No person who has contacted this account has this in their name or id.";
    return { title: `No match for “${search}”`, text };
  }
  return held
    ? {
        title: "Automations are not paused for any person",
        text: "They pause where a person or another app has taken over the conversation.",
      }
    : { title: "No conversations yet", text: "A person appears here with their first comment or message." };
}
