/** What measures on a page of the notebook: from what is done there to what can be seen of it. */

/** Runs on each page before its own scripts. */
export const watch = `
  /** When something is found on the page for the first time. */
  globalThis.when = (find) => new Promise((resolve) => {
    const look = () => {
      if (!find()) return
      observer.disconnect()
      resolve(performance.now())
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    look()
  })
  globalThis.cellOf = (number) => document.querySelector('[aria-label="cell ' + number + '"]')
  globalThis.runs = (number) => cellOf(number)?.querySelector('.run')
  globalThis.isBusy = (number) => cellOf(number)?.getAttribute('aria-busy') === 'true'
  /** Runs a cell; resolves with the time when what it shows is there. */
  globalThis.ran = async (number) => {
    await when(() => runs(number))
    runs(number).click()
    await when(() => isBusy(number))
    return when(() => !isBusy(number))
  }
  globalThis.timed = async (work) => {
    const start = performance.now()
    return await work() - start
  }
  /** How long nothing else can be done: the longest time between two messages that the page sends to itself. */
  globalThis.standstill = async (work) => {
    const { port1, port2 } = new MessageChannel()
    let longest = 0
    let last = performance.now()
    port1.onmessage = () => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
      port2.postMessage(0)
    }
    port2.postMessage(0)
    await work
    port1.onmessage = null
    return longest
  }
`
