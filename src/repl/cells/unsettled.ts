/** Promises that nobody waits for, until they are settled. */
export class Unsettled {
  readonly #lines = new Map<Promise<unknown>, number>()

  /** Whatever is no promise does not count. */
  add(value: unknown, line: number): void {
    if (!(value instanceof Promise)) return
    this.#lines.set(value, line)
    const settled = () => this.#lines.delete(value)
    // That nobody has caught its error is still to be heard.
    value.then(settled, (error) => {
      settled()
      throw error
    })
  }

  /** Where they come from, each line once. */
  get lines(): number[] {
    return [...new Set(this.#lines.values())].sort((one, other) => one - other)
  }
}
