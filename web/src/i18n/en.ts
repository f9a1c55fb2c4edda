// The catalogue in English, by what the pages are for. `{name}` is filled in; a plural is chosen by `n`.
import { engineer } from './en/engineer';
import { frame } from './en/frame';
import { manage } from './en/manage';
import { prove } from './en/prove';

export const en = { ...frame, ...engineer, ...prove, ...manage };
