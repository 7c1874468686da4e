/**
 * `npm run notebook`: builds the course as a page, and serves it to this machine; with `--build`, writes it to a folder. With
 * `--ipynb`, writes the lessons to a folder as notebooks of Jupyter.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { calledFrom } from '../node/called-from'
import { kit } from '../node/paths'
import { builtNotebook } from './build-notebook'
import { sentence, waiting } from './draw'
import { misread } from './misread'
import { serveFolder } from './serve-folder'

const usage = 'Usage: npm run notebook -- [--build DIR | --ipynb DIR]'
/** What a browser keeps for a page, it keeps for this number. */
const usualPort = 7369

/** Resolves when Ctrl-C ends it, or the folder is written: 0, or 1 if it cannot be, 2 if it was asked in a wrong way. */
export async function main(argv: readonly string[]): Promise<number> {
  const asked = read(argv)
  if (typeof asked === 'string') {
    console.error(sentence(asked))
    return 2
  }
  if (asked.ipynb) return writeIpynbs(resolve(calledFrom('notebook'), asked.ipynb), asked.ipynb)
  const target = asked.build && resolve(calledFrom('notebook'), asked.build)
  if (target && !canBeWritten(target)) {
    console.error(
      sentence(`${asked.build} is no empty folder, nor a notebook that was written before. Name another one.`),
    )
    return 1
  }
  const built = await waiting('building the page', builtNotebook, false, 'Ctrl-C stops it')
  return target ? write(built, target, asked.build as string) : serve(built)
}

interface Asked {
  readonly build?: string | undefined
  readonly ipynb?: string | undefined
}

/** What was asked for, or what is wrong with it. */
function read(argv: readonly string[]): Asked | string {
  try {
    const folder = { type: 'string' } as const
    const { values } = parseArgs({ args: [...argv], options: { build: folder, ipynb: folder } })
    const [empty] = Object.entries(values).find(([, value]) => value === '') ?? []
    if (empty) return `--${empty} needs a folder. ${usage}`
    return values.build && values.ipynb
      ? `--build writes a page, --ipynb notebooks: give one of them. ${usage}`
      : values
  } catch (error) {
    return misread(error, usage)
  }
}

/** What somebody has written in a notebook stays. */
async function writeIpynbs(folder: string, name: string): Promise<number> {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    console.error(sentence(`${name} is a file. Name a folder.`))
    return 1
  }
  const { ipynbLessons } = require('./ipynb-lessons') as typeof import('./ipynb-lessons')
  const files = await waiting('running the cells of the lessons', () => ipynbLessons(folder), false, 'Ctrl-C stops it')
  const others = [...files].filter(([file, text]) => {
    const path = join(folder, file)
    return existsSync(path) && readFileSync(path, 'utf8') !== text
  })
  if (others.length > 0) {
    const changed = others.map(([file]) => join(name, file)).join(', ')
    console.error(
      sentence(`${changed}: there already, with something else in it. Move it away, or name another folder.`),
    )
    return 1
  }
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of files) writeFileSync(join(folder, file), text)
  const isOutside = relative(kit, folder).startsWith('..')
  const where = isOutside ? ` To run, they must be below ${kit}.` : ''
  console.log(
    sentence(`The lessons are in ${name}, as ${files.size} notebooks. Jupyter opens them, GitHub shows them.${where}`),
  )
  return 0
}

/** Whether it is not there yet, is empty, or has a notebook in it. */
function canBeWritten(folder: string): boolean {
  if (!existsSync(folder)) return true
  if (!statSync(folder).isDirectory()) return false
  const names = readdirSync(folder)
  return names.length === 0 || ['index.html', 'offline.js', 'assets'].every((name) => names.includes(name))
}

/** What somebody has put beside a former notebook stays. */
function write(built: string, target: string, name: string): number {
  rmSync(join(target, 'assets'), { recursive: true, force: true })
  cpSync(built, target, { recursive: true })
  console.log(
    sentence(
      `The notebook is in ${name}. Any host of static files can serve it, over https; it needs no other server.`,
    ),
  )
  return 0
}

async function serve(folder: string): Promise<number> {
  const { address, close } = await serveFolder(folder, usualPort)
  const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  console.log(sentence(`The notebook is at ${address} (Ctrl-C ends it)`))
  if (process.stdout.isTTY && !process.env.CI) openBrowser(address)
  await ended
  await close()
  return 0
}

/** If there is none, the address has been shown. */
function openBrowser(address: string): void {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open']
  spawn(command, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}
