/**
 * A view is made of the events as they read now, also where somebody is forgotten while it is built.
 */
import type { FollowableLog } from '../following/followable'

/** Builds a view, and builds it again if somebody was forgotten meanwhile, whose words may be in it. */
export async function whole<T>(log: FollowableLog, build: () => Promise<T>): Promise<T> {
  for (;;) {
    const { generation } = log
    const isWhole = () => generation === log.generation
    try {
      const built = await build()
      if (isWhole()) return built
    } catch (error) {
      if (isWhole()) throw error
    }
  }
}
