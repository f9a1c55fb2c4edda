// What may stand behind a link.

/** Only addresses that a reader expects: no script, no data. */
export const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:|\/(?!\/))/i.test(href);
