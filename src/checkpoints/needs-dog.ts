/** Lesson 1 asks for a test and no dog: the dog that is there for it is that of the next lesson. */

/** @param solution the names of its files */
export const needsDog = (solution: Iterable<string>): boolean =>
  ![...solution].some((name) => name === 'dog.ts' || name === 'dog-school.ts')
