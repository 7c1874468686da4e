/** `.export ipynb` and `.load`: a session as a notebook of Jupyter, and back. The kernel that runs it is in `test/jupyter/`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cellsOfIpynb, type IpynbCell, ipynbOf } from '../../src/course/ipynb'
import { sit } from './sitting'

process.env.DOG_SCHOOL_HOME = join(t.testdir(), 'my-school')

const isOwn = ({ isForKernel }: IpynbCell) => !isForKernel
const read = (file: string) => readFileSync(file, 'utf8')

t.test('a session is written, loaded and written again, to the byte', async (t) => {
  const folder = t.testdir()
  const [first, second, third] = ['first', 'second', 'third'].map((name) => join(folder, `${name}.ipynb`)) as [
    string,
    string,
    string,
  ]
  const one = await sit()
  await one.take(
    "const tricks = ['sit']",
    'tricks',
    "tricks.push('`beg`')",
    "throw new Error('left out')",
    'const text = `\r\n🐶`\ntext',
    "await school.registerDog('Fido').then(() => undefined)",
    '.dogs',
  )
  t.match(
    await one.shows(`.export ipynb ${first}`),
    /^5 lines written to\s.*first\.ipynb\.\s+Jupyter opens it, and so does \.load\.$/,
  )
  await one.end()
  const code = cellsOfIpynb(read(first)).filter(isOwn)
  t.strictSame(
    code.slice(0, 3),
    [
      { kind: 'code', text: "const tricks = ['sit']" },
      { kind: 'code', text: 'tricks', shown: "[ 'sit' ]" },
      { kind: 'code', text: "tricks.push('`beg`')", shown: '2' },
    ],
    'what was shown is what it was then',
  )

  const two = await sit()
  t.match(
    await two.shows(`.load ${first}`),
    /tricks\n\[ 'sit' \]\n.*\n2\n.*\+1 Registered/s,
    'what is shown is what it was then',
  )
  await two.take(`.export ipynb ${second}`)
  t.equal(read(second), read(first))
  await two.end()

  const withProse = ipynbOf([
    ...code.slice(0, 1),
    { kind: 'prose', text: '.dogs\n\n# Prose' },
    ...code.slice(1, 2),
    { kind: 'code', text: ' \n' },
  ])
  writeFileSync(third, withProse)
  const three = await sit()
  t.match(await three.shows(`.load ${third}`), /Prose\n.*tricks\n\[ 'sit' \]$/s)
  const fourth = join(folder, 'fourth.ipynb')
  t.match(await three.shows(`.export ipynb ${fourth}`), /^2 lines written/)
  t.strictSame(
    cellsOfIpynb(read(fourth)).filter(isOwn),
    cellsOfIpynb(withProse).filter(isOwn).slice(0, -1),
    'prose stays in its place',
  )
  await three.end()
})

t.test('a lesson that was read is in the notebook, and what was said to its questions is not', async (t) => {
  const file = join(t.testdir(), 'lesson.ipynb')
  const { take, end } = await sit()
  await take('.lesson 3', '.next', '2', `.export ipynb ${file}`)
  await end()
  t.strictSame(cellsOfIpynb(read(file)).filter(isOwn), [
    {
      kind: 'code',
      text: "const fido = new Dog('Fido')\nfido.addTrick('roll over')\nfido.tricks",
      shown: "[ 'roll over' ]",
    },
    { kind: 'code', text: 'fido.version', shown: '2' },
  ])
})

t.test('what the session began with is not in it, and this is said', async (t) => {
  const folder = t.testdir()
  const before = await sit({ db: join(folder, 'dogs.db') })
  await before.take("await school.registerDog('Fido')")
  await before.end()
  const { take, shows, end } = await sit({ db: join(folder, 'dogs.db'), width: 1000 })
  await take("await school.addTrick(idOf('fido'), 'sit')")
  t.match(await shows(`.export ipynb ${join(folder, 'second.ipynb')}`), /before this session is not in it\.$/)
  await end()
})

t.test('a notebook stops at the first cell that fails', async (t) => {
  const file = join(t.testdir(), 'failing.ipynb')
  const cells: IpynbCell[] = ['let a = 1', 'throw new Error(`no`)', 'a = 2', 'a = 3'].map((text) => ({
    kind: 'code',
    text,
  }))
  writeFileSync(file, ipynbOf(cells))
  const { shows, end } = await sit()
  t.match(await shows(`.load ${file}`), /Error: no\n.*\nThe 2 cells behind it did not run\.$/s)
  t.equal(await shows('a'), '1')
  await end()
})

t.test('what is wrong with a file is said, and what to do', async (t) => {
  const folder = t.testdir({
    'cut.ipynb': '{ "cells": [',
    'python.ipynb': '{ "nbformat": 4, "cells": [], "metadata": { "kernelspec": { "language": "python" } } }',
    'empty.ipynb': ipynbOf([]),
  })
  mkdirSync(join(folder, 'folder.ipynb'))
  const { shows, end } = await sit({ width: 1000 })
  t.match(
    await shows(`.load ${join(folder, 'cut.ipynb')}`),
    /cut\.ipynb: It is no notebook, or not all of one: .*\n.* take an earlier version/,
  )
  t.match(
    await shows(`.load ${join(folder, 'python.ipynb')}`),
    /python\.ipynb: Its cells are in python, .*\n.* the kernel of Deno/,
  )
  t.match(await shows(`.load ${join(folder, 'none.ipynb')}`), /there is no such file/)
  t.match(await shows(`.load ${join(folder, 'folder.ipynb')}`), /it is a folder/)
  t.match(await shows(`.load ${join(folder, 'empty.ipynb')}`), /^There is nothing in /)
  t.match(await shows(`.export ipynb ${join(folder, 'x.ipynb')}`), /No line of this session has worked/)
  await shows('1')
  t.match(
    await shows(`.export ipynb ${join(folder, 'session.json')}`),
    /ends with \.ipynb, and .*session\.json does not\.\nTry: \.export ipynb session\.ipynb/,
  )
  t.match(await shows(`.export ipynb ${join(folder, 'empty.ipynb')}`), /the file exists already/)
  await end()
})
