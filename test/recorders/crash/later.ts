/** How the disks of these tests do in the background what they do at once: by the same steps, which may fail or be the last. */
import type { Disk } from 'dog-school/sqlite'

export const later = (disk: () => Disk): Pick<Disk, 'writeLater' | 'syncLater'> => ({
  async writeLater(handle, bytes, position) {
    // Long enough for something else to be committed meanwhile.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    disk().write(handle, bytes, position)
  },
  async syncLater(handle) {
    disk().sync(handle)
  },
})
