import fc from 'fast-check'

/**
 * Texts of any characters: whole ones, most of them in no language. It is what `fc.string({ unit: 'binary' })` means, which
 * first takes a second to look at each of the million.
 */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(character, { maxLength }).map((characters) => characters.join(''))

const [halves, last] = [0xd800, 0x10ffff]
const countOfHalves = 0x800
const character = fc
  .integer({ min: 0, max: last - countOfHalves })
  .map((n) => String.fromCodePoint(n < halves ? n : n + countOfHalves))
