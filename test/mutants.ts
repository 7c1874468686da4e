/**
 * Mutants of the core, run by hand: `npm run test:mutants -- [how many] [seed] [files]`. Each is one small change of
 * the core in a copied folder, against which the core's tests run until one of them is red. Files of `testing/` are
 * changed if they are named, and tested by `test/testing/`. Prints the survivors, which
 * somebody must read: each is a promise that no test keeps, or a change that changes nothing.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'

interface Mutant {
  readonly file: string
  readonly line: number
  readonly start: number
  readonly end: number
  readonly text: string
}

const { SyntaxKind: Kind } = ts
const swapped = new Map<ts.SyntaxKind, string>([
  [Kind.AmpersandAmpersandToken, '||'],
  [Kind.BarBarToken, '&&'],
  [Kind.QuestionQuestionToken, '&&'],
  [Kind.EqualsEqualsEqualsToken, '!=='],
  [Kind.ExclamationEqualsEqualsToken, '==='],
  [Kind.LessThanToken, '<='],
  [Kind.LessThanEqualsToken, '<'],
  [Kind.GreaterThanToken, '>='],
  [Kind.GreaterThanEqualsToken, '>'],
  [Kind.PlusToken, '-'],
  [Kind.MinusToken, '+'],
])

function mutantsOf(file: string): Mutant[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true)
  const found: Mutant[] = []
  const add = (node: ts.Node, text: string) => {
    const start = node.getStart(source)
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    found.push({ file, line, start, end: node.end, text })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    const swap = ts.isBinaryExpression(node) ? swapped.get(node.operatorToken.kind) : undefined
    if (swap && ts.isBinaryExpression(node)) add(node.operatorToken, swap)
    if (ts.isNumericLiteral(node)) add(node, `(${node.text} + 1)`)
    if (ts.isExpressionStatement(node)) add(node, ';')
    if (ts.isThrowStatement(node)) add(node, ';')
    if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const test = ts.isIfStatement(node) ? node.expression : node.condition
      for (const value of ['true', 'false']) add(test, `(${value} as boolean)`)
    }
    if (ts.isBlock(node) && ts.isFunctionLike(node.parent) && node.statements.length > 0) add(node, '{ return }')
    if (ts.isPrefixUnaryExpression(node) && node.operator === Kind.ExclamationToken) add(node, node.operand.getText())
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The same sample for the same seed. */
function sample<T>(all: T[], count: number, seed: number): T[] {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return all
    .map((each) => [next(), each] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, each]) => each)
}

const testsOfCore = [
  ...['aggregate', 'decorator', 'application', 'mapper', 'snapshot', 'following'].map((name) => `test/${name}.test.ts`),
  ...readdirSync('test/core')
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/core/${name}`),
  ...['slices', 'stored', 'classes', 'racing'].map((name) => `test/slices/${name}.test.ts`),
  // The contract of recorders: what every store refuses.
  'test/recorders/memory.test.ts',
]

const testsOfTesting = readdirSync('test/testing')
  .filter((name) => /^(?!runners).*\.test\.ts$/.test(name))
  .map((name) => `test/testing/${name}`)

/** @returns the test that is red, or undefined if none is */
async function caughtBy(folder: string, tests: readonly string[]): Promise<string | undefined> {
  for (const test of tests) {
    const isGreen = await new Promise<boolean>((resolve) => {
      const options = { cwd: folder, timeout: 60_000, killSignal: 'SIGKILL' as const, maxBuffer: 2 ** 28 }
      // One seed for all, so that a mutant is caught or not, whoever runs it.
      const env = { ...process.env, DOG_SCHOOL_SEED: '1' }
      execFile(process.execPath, ['src/node/run.cjs', test], { ...options, env }, (error) => resolve(!error))
    })
    if (!isGreen) return test
  }
  return undefined
}

async function main(count: number, seed: number, asked: readonly string[]): Promise<void> {
  const isTesting = asked.some((name) => name.startsWith('testing/'))
  const tests = isTesting ? testsOfTesting : testsOfCore
  const core = readdirSync('src', { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) =>
      /^((values|events|aggregates|port|mapping|loading|following|checking|slices)\/.*|saving|application)\.ts$/.test(
        name,
      ),
    )
  const files = isTesting ? asked : core.filter((name) => asked.length === 0 || asked.includes(name))
  const all = files.flatMap((name) => mutantsOf(join('src', name)))
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  try {
    for (const name of ['src', 'test', 'lessons', 'package.json', 'tsconfig.json', 'README.md', '.taprc'])
      cpSync(name, join(folder, name), { recursive: true })
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
    const red = await caughtBy(folder, tests)
    if (red) throw new Error(`${red} is red before anything was changed`)
    let caught = 0
    const chosen = sample(all, count, seed)
    for (const { file, line, start, end, text } of chosen) {
      const whole = readFileSync(file, 'utf8')
      writeFileSync(join(folder, file), whole.slice(0, start) + text + whole.slice(end))
      if (await caughtBy(folder, tests)) caught++
      else console.log(`${file}:${line}: ${whole.slice(start, end).split('\n')[0]?.slice(0, 80)}  →  ${text}`)
      writeFileSync(join(folder, file), whole)
    }
    console.log(`${caught} of ${chosen.length} are caught (of ${all.length} that there are; seed ${seed})`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [count = '40', seed = '1', ...names] = process.argv.slice(2)
main(Number(count), Number(seed), names)
