/** How the key is called that goes with others, on this reader's keyboard. */
const isApple = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform)

/** `Ctrl+Enter`, or `⌘ Enter` */
export const submitKey = isApple ? '⌘ Enter' : 'Ctrl+Enter'
