/** A memory recorder that does one thing wrong: what it does, the case that must notice, and one of them. */
import type { MemoryRecorder } from 'dog-school'

export type Broken = readonly [what: string, noticedBy: string, make: () => MemoryRecorder]
