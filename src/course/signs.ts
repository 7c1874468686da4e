/** Code as a compiler reads it: its signs, without the space between them and the comments. */
import tokens, { type Token } from 'js-tokens'

const unseen = /^WhiteSpace$|^LineTerminatorSequence$|Comment$/

export const signsOf = (code: string): Token[] => [...tokens(code)].filter(({ type }) => !unseen.test(type))
