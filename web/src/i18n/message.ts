/** A text, or one for one and one for many; `{name}` is filled in. */
export type Message = string | { one: string; other: string };
