/** The processes that test files have left, for the runner: all that a file starts inherits the mark that the runner gave it. */
'use strict'
const { readdirSync, readFileSync } = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')

const MARK = 'TEST_FILE_MARK'
/** What has been told to end may take its time. */
const PATIENCE = 20_000

/**
 * Ends all whose mark begins with this, unless they end by themselves. Where there is no /proc, nothing is known.
 *
 * @returns the mark and the command of each
 */
async function endProcesses(start) {
  for (const end = Date.now() + PATIENCE; Date.now() < end && marked(start).length > 0; ) await sleep(100)
  return marked(start).map(({ id, mark }) => {
    const command = contents(id, 'cmdline').join(' ').trim()
    process.kill(id, 'SIGKILL')
    return `${mark}: ${command}`
  })
}

function marked(start) {
  return numbers().flatMap((id) => {
    const mark = contents(id, 'environ').find((each) => each.startsWith(`${MARK}=${start}`))
    return mark ? [{ id, mark: mark.slice(MARK.length + 1) }] : []
  })
}

function numbers() {
  try {
    return readdirSync('/proc').map(Number).filter(Boolean)
  } catch {
    return []
  }
}

/** Empty for one that has ended, or is somebody else's. */
function contents(id, file) {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8').split('\0')
  } catch {
    return []
  }
}

module.exports = { endProcesses, MARK }
