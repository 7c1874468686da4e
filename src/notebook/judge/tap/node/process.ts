/** In the place of `node:process`: tap measures how long a test takes. */
export const hrtime = { bigint: () => BigInt(Math.round(performance.now() * 1e6)) }
