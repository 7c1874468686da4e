/**
 * Prose and code as a notebook of Jupyter, in nbformat 4.5, and back. What is written is what Jupyter itself would write of
 * it, so that a notebook that was opened and saved there differs only where somebody changed it.
 */

export interface IpynbCell {
  readonly kind: 'prose' | 'code'
  /** In markdown, or in TypeScript. */
  readonly text: string
  /** What it has shown, as text. */
  readonly shown?: string
  /** The reader is to say first what it shows: Jupyter hides it until it is asked. */
  readonly isPrediction?: true
  /** It only makes the notebook run in a kernel, where nothing is preloaded. */
  readonly isForKernel?: true
}

/** What is wrong with a file that should be a notebook, and what to do about it. */
export class IpynbError extends Error {
  readonly next: string
  constructor(says: string, next: string) {
    super(says)
    this.next = next
  }
}

const FOR_KERNEL = 'for-the-kernel'
const PREDICTION = 'prediction'

const about = {
  kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
  language_info: {
    file_extension: '.ts',
    mimetype: 'text/x.typescript',
    name: 'typescript',
    pygments_lexer: 'typescript',
  },
}

/** The text of the file. Jupyter sorts the keys. */
export function ipynbOf(cells: readonly IpynbCell[]): string {
  let count = 0
  const written = cells.map((cell, at) => {
    const [id, metadata, source] = [`cell-${at + 1}`, metadataOf(cell), linesOf(cell.text)]
    if (cell.kind === 'prose') return { cell_type: 'markdown', id, metadata, source }
    const execution_count = ++count
    const outputs =
      cell.shown === undefined
        ? []
        : [
            {
              data: { 'text/plain': linesOf(cell.shown) },
              execution_count,
              metadata: {},
              output_type: 'execute_result',
            },
          ]
    return { cell_type: 'code', execution_count, id, metadata, outputs, source }
  })
  return `${JSON.stringify({ cells: written, metadata: about, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}

function metadataOf({ isForKernel, isPrediction }: IpynbCell): object {
  const tags = [...(isForKernel ? [FOR_KERNEL] : []), ...(isPrediction ? [PREDICTION] : [])]
  return { ...(isPrediction && { jupyter: { outputs_hidden: true } }), ...(tags.length > 0 && { tags }) }
}

/** For those who compare versions line by line; joined, they are the text again. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/))

/**
 * What is written in a notebook, by whomever: cells that are neither prose nor code, and outputs other than the value of a
 * cell as text, are left out.
 *
 * @throws IpynbError
 */
export function cellsOfIpynb(file: string): IpynbCell[] {
  const { cells, metadata, nbformat } = objectIn(file)
  if (nbformat === undefined || (nbformat === 4 && !Array.isArray(cells)))
    throw new IpynbError(
      `It is JSON, but no notebook: it has no ${nbformat === undefined ? '`nbformat`' : 'list of `cells`'}.`,
      'A notebook is what Jupyter saves, or .export ipynb writes.',
    )
  if (nbformat !== 4)
    throw new IpynbError(
      `It is in version ${JSON.stringify(nbformat)} of the format of notebooks, and only version 4 can be read.`,
      'Jupyter makes one of it: jupyter nbconvert --to notebook --nbformat 4 FILE',
    )
  const { kernelspec, language_info } = asObject(metadata)
  const language = asObject(kernelspec).language ?? asObject(language_info).name ?? 'typescript'
  if (!['typescript', 'javascript'].includes(String(language)))
    throw new IpynbError(
      `Its cells are in ${language}, and only TypeScript runs here.`,
      'Choose another notebook, or in Jupyter the kernel of Deno.',
    )
  return (cells as unknown[]).flatMap((cell, at) => cellOf(cell, at + 1))
}

function objectIn(file: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(file.replace(/^\uFEFF/, '')))
  } catch (error) {
    throw new IpynbError(
      `It is no notebook, or not all of one: a notebook is JSON, and here, ${(error as Error).message}.`,
      'If it was merged or cut off, take an earlier version. Code without a notebook around it has the ending .ts.',
    )
  }
}

function cellOf(cell: unknown, number: number): IpynbCell[] {
  const { cell_type, source, outputs, metadata } = asObject(cell)
  if (cell_type === 'raw') return []
  if (cell_type !== 'markdown' && cell_type !== 'code')
    throw unreadable(number, `its \`cell_type\` is ${JSON.stringify(cell_type) ?? 'missing'}`, 'markdown, code or raw')
  const text = textOf(source)
  if (text === undefined)
    throw unreadable(
      number,
      `its \`source\` is ${source === undefined ? 'missing' : 'no text'}`,
      'text, or a list of its lines',
    )
  const tags = asObject(metadata).tags
  const has = (tag: string) => Array.isArray(tags) && tags.includes(tag)
  const result = Array.isArray(outputs) && outputs.map(asObject).find((each) => each.output_type === 'execute_result')
  const shown = result ? textOf(asObject(result.data)['text/plain']) : undefined
  return [
    {
      kind: cell_type === 'code' ? 'code' : 'prose',
      text,
      ...(cell_type === 'code' && shown !== undefined && { shown }),
      ...(has(PREDICTION) && { isPrediction: true }),
      ...(has(FOR_KERNEL) && { isForKernel: true }),
    },
  ]
}

const unreadable = (number: number, what: string, instead: string) =>
  new IpynbError(
    `Cell ${number} cannot be read: ${what}.`,
    `There must be ${instead}. Open it in Jupyter, and save it.`,
  )

const textOf = (source: unknown): string | undefined => {
  if (typeof source === 'string') return source
  return Array.isArray(source) && source.every((line) => typeof line === 'string') ? source.join('') : undefined
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
