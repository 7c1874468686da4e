/** What a terminal can show. */
import { styleText } from 'node:util'

export interface Look {
  /** In columns. */
  readonly width: number
  readonly colour: boolean
  /** Whether it can show characters beyond ASCII. */
  readonly unicode: boolean
}

/** Behind a part of another colour, the colour of the whole goes on. */
const colourEnds = '\u001b[39m'

/** Only colours that are readable on light and dark backgrounds. */
export function paint(style: 'red' | 'green' | 'cyan' | 'magenta' | 'dim' | 'bold', text: string, look: Look): string {
  if (!look.colour || text === '') return text
  return text
    .split('\n')
    .map((line) => styleText(style, line.replaceAll(colourEnds, colourEnds + styleText(style, '|').split('|')[0])))
    .join('\n')
}

/** From a stream and its environment: `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are respected. */
export function lookOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Look {
  const { NO_COLOR, FORCE_COLOR, TERM, LANG, LC_ALL, LC_CTYPE, COLUMNS, WT_SESSION } = environment
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  const colour = NO_COLOR ? false : forced || (stream.isTTY === true && TERM !== 'dumb')
  const language = LC_ALL ?? LC_CTYPE ?? LANG ?? ''
  const unicode =
    TERM !== 'dumb' &&
    (/utf-?8/i.test(language) || WT_SESSION !== undefined || (language === '' && stream.isTTY !== true))
  return { width: Math.max(20, Number(COLUMNS) || stream.columns || 80), colour, unicode }
}
