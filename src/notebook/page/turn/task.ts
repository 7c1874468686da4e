/** The text of "Your turn" for the page, where the learner's folder is the editor below it, and a button checks. */

/** Whether that is what a piece of a lesson is. */
export const isTask = (prose: string): boolean => prose.startsWith('## Your turn\n')

/** Without how it is done in a terminal. */
export const taskOnPage = (prose: string): string =>
  prose
    .replace(/^In `my-school\/[^`]+`/m, 'In the editor below')
    .replace(/^```sh\nnpm run checkpoint .*\n```\n/m, '')
    .replace(/At the prompt, `\.check`[^.]*`\.hint`[^.]*\.\s*/, '')
    .replace(/\n{3,}/g, '\n\n')
