/** In the place of `@tapjs/processinfo`, which starts processes: `t.spawn` says before that there are none. */
export const ProcessInfo = {}
