/** The comparison with peers, on stores that are here: nothing is installed, and no server is asked. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { compareAll, peers } from './peers'
import { type Cell, type Compared, type Contender, compare } from './peers/compare'
import { peers as fakes } from './peers/fakes'
import { inFile, inMemory } from './peers/ours'
import { picture, shares } from './peers/picture'
import { type Row, rows } from './peers/rows'
import { tables } from './peers/table'

const quiet = { module: '', turns: 1, say: () => {} }
const escaped = 'a &lt;b&gt; &amp; &quot;c&quot;'

t.test('everybody is measured at everything, or it is told why not', async (t) => {
  const options = { size: 0.001, turns: 1, module: join(__dirname, 'peers/fakes') }
  const comparison = await compareAll({ ...options, server: 'postgres://nobody@127.0.0.1:1/none' })
  const { compared } = JSON.parse(JSON.stringify(comparison)) as typeof comparison
  const all = rows(0.001)
  t.strictSame(
    compared.map(({ what, unit, lessIsBetter }) => ({ what, unit, lessIsBetter })),
    all.map(({ what, unit, lessIsBetter }) => ({ what, unit, lessIsBetter })),
  )
  for (const row of compared)
    t.strictSame(
      row.cells.map(({ peer, group }) => ({ peer, group })),
      fakes.map(({ name, group }) => ({ peer: name, group })),
    )
  const missing = (name: string) => compared.map(({ cells }) => cells.find(({ peer }) => peer === name)!.missing)
  const [text, svg] = [tables(compared, comparison.size), picture(compared, comparison)]

  t.test('with a figure for each row', async (t) => {
    t.strictSame(
      missing('this library'),
      all.map(() => undefined),
    )
    for (const { what, cells } of compared) t.ok(cells[0]!.figure! > 0, what)
  })
  t.test('one that fails is told of, and has its other figures', async (t) => {
    t.strictSame(
      missing('failing'),
      all.map(({ kind, unit, lessIsBetter }) =>
        lessIsBetter ? 'it is not asked' : kind === 'command' && unit ? 'the commands have failed' : undefined,
      ),
    )
    t.match(text, /— failing, in memory: the commands have failed \(command on a stream of \d+ events\)\n/)
  })
  t.test('a wrong result is no figure', async (t) => {
    const told = Object.fromEntries(all.map(({ what }, at) => [what, missing('forgetful')[at]]))
    t.equal(told['read the 200 events of a stream'], "events of 'dog of 200': 199 in place of 200")
    t.match(told['append one event, 1 at a time'], /^events of '.*': 9 in place of 10$/)
    t.match(told['append one event, 16 at a time'], /: 3 in place of 4$/)
    t.match(told['append 100 events at once'], /: 99 in place of 100$/)
    t.equal(told['follow 300 events of the log'], 'events that were followed: 299 in place of 300')
    t.equal(told['append if its tag is new, 1 at a time'], 'an append after one: true in place of false')
    t.notOk(missing('forgetful').includes(undefined))
  })
  t.test('what a peer cannot do is said, and who is not there at all', async (t) => {
    t.match(text, '— unable, durable in a file: it knows no tags (append if its tag is new, 1 at a time; ')
    t.match(text, '— absent, in memory: npm cannot install fake@1.2.3: E404 (everything)\n')
    t.match(svg, '>not possible with it</text>')
    t.match(svg, '>not measured</text>')
    t.match(text, /— remote, durable on PostgreSQL: connect ECONNREFUSED 127\.0\.0\.1:1 \(everything\)\n/)
  })
  t.test('the tables and the picture have all rows, and those who have figures', async (t) => {
    for (const { what, unit, lessIsBetter } of all) {
      t.ok(
        text.split('\n').some((line) => line.includes(`| ${what} `) && line.includes(`| ${unit}`)),
        what,
      )
      t.match(svg, `>${what[0]!.toUpperCase()}${what.slice(1)}${lessIsBetter ? ': less is better' : ''}</text>`)
      t.match(svg, `>${unit}</text>`)
    }
    t.match(text, /\| +this library \| +a <b> & "c" \| +failing \|/)
    for (const name of ['this library', escaped, 'failing', 'unable']) t.match(svg, `>${name}</text>`)
    for (const name of ['forgetful', 'absent', 'remote']) t.notMatch(svg, name)
    for (const group of ['In memory', 'Durable in a file']) t.match(svg, `>${group}</text>`)
  })
  t.test('a part of the work is said to be one, everywhere', async (t) => {
    for (const said of [text, svg]) t.match(said, 'With 0.001 of the work (--size 0.001): for trying it out')
    t.equal(comparison.size, 0.001)
    t.notMatch(tables(compared, 1), '--size')
  })
  t.test('the picture says which machine it was, and is XML whatever a name is', async (t) => {
    t.match(svg, `>${comparison.when.slice(0, 10)}, Node.js ${process.versions.node}, PostgreSQL none, `)
    t.match(svg, `>This library, dog-school ${comparison.version}, beside`)
    t.notMatch(svg, 'a <b>')
    t.notMatch(svg + text + JSON.stringify(comparison), 'registry')
    t.notMatch(svg, /NaN|undefined|Infinity/)
  })
})

t.test('our own stores do all the work', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-peers-test-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const contenders: Contender[] = []
  for (const peer of [inFile, inMemory])
    contenders.push({ peer, store: await peer.open(join(folder, 'a.db')), elsewhere: '' })
  const here = rows(0.001).filter(({ kind }) => kind !== 'memory' && kind !== 'start')
  const compared = await compare(here, contenders, quiet)
  for (const { what, cells } of compared)
    t.strictSame(
      cells.map(({ missing }) => missing),
      [undefined, undefined],
      what,
    )
  for (const { store } of contenders) if (typeof store !== 'string') await store.close()
})

t.test('who does not come to an end is left behind, and the others go on', async (t) => {
  const row = (what: string): Row => ({
    kind: 'append',
    what,
    unit: 'ms',
    lessIsBetter: true,
    measure: async (store) => (store.follow ? 7 : new Promise(() => {})),
  })
  const contenders = await Promise.all(
    fakes.slice(0, 2).map(async (peer, at): Promise<Contender> => {
      const store = await peer.open('')
      return { peer, store: at === 0 ? { ...store, follow: undefined as never } : store, elsewhere: '' }
    }),
  )
  const compared = await compare([row('one'), row('two')], contenders, { ...quiet, patience: 1 })
  t.strictSame(
    compared.map(({ cells }) => cells.map(({ figure, missing }) => figure ?? missing)),
    [
      ['it took longer than 0.001 s', 7],
      ['it did not come to an end', 7],
    ],
  )
})

t.test('a bar is as long as its figure, and the best figure is in bold', async (t) => {
  const cells = [40, 10, undefined, 20].map((figure, at): Cell => ({ peer: `${at}`, group: 'in memory', figure }))
  t.strictSame(shares(cells), [1, 0.25, 0, 0.5])
  const row: Compared = { what: 'wait', unit: 'ms', lessIsBetter: true, cells }
  // Who has a figure elsewhere has a place here.
  const other = { ...row, what: 'go', cells: cells.map((cell) => ({ ...cell, figure: 1 })) }
  const about = {
    size: 1,
    when: '2026-11-23',
    version: '1.2.3',
    node: 'v20',
    postgres: '15',
    cpu: undefined,
    cores: 2,
  }
  const svg = picture([row, other, { ...row, lessIsBetter: false }], about)
  const widths = [...svg.matchAll(/<rect x="144" .*?width="([\d.]+)"/g)].map(([, width]) => Number(width))
  t.match(svg, '>not measured</text>')
  t.strictSame(
    [...svg.matchAll(/font-size="11" font-weight="bold">(\d+)</g)].map(([, figure]) => figure),
    ['10', '1', '1', '1', '1', '40'],
  )
  t.notMatch(svg, '--size')
  t.match(picture([row], { ...about, size: 0.5 }), '>With 0.5 of the work (--size 0.5): ')
  t.strictSame(
    widths
      .slice(0, 4)
      .map((width) => width / widths[0]!)
      .map((share) => Number(share.toFixed(2))),
    [1, 0.25, 0, 0.5],
  )
})

t.test('a size that is none is refused', async (t) => {
  const said = t.capture(console, 'error')
  for (const args of [['--size'], ['--size', 'much'], ['--size', '0'], ['--turns', '1']])
    t.equal(await peers(args), 2, args.join(' '))
  t.match(said()[0]!.args, [/--peers --size 0\.1/])
})
