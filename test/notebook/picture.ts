/**
 * The picture of the notebook in the README: taken here, of the page as it is. `npm run test:one -- test/notebook/page.test.ts --write`
 * takes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { beginLesson, cell, type Notebook, type Page, run, runCells } from './page'

const root = join(__dirname, '..', '..')
const file = 'src/notebook/picture.webp'
const size = { width: 1040, height: 780 }
/** In bytes: a README is opened by everybody. */
const most = 100_000

export async function picture(t: Test, { page }: Notebook): Promise<void> {
  const before = page.viewportSize()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(size)
  await beginLesson(page, 6)
  await runCells(page)
  // Run again, it makes a second timeline.
  await run(page, 4)
  await page.locator('.timelines').waitFor()
  t.strictSame(
    await page.getByText('did something else').allTextContents(),
    [],
    'played again, each cell does the same',
  )
  await cell(page, 4).scrollIntoViewIfNeeded()
  await page.mouse.move(0, 0)
  const taken: Buffer = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  if (process.argv.includes('--write')) {
    const data = await page.evaluate(asWebp, dataOf(taken, 'png'))
    writeFileSync(join(root, file), Buffer.from(data, 'base64'))
  }

  const kept = readFileSync(join(root, file))
  t.match(readFileSync(join(root, 'README.md'), 'utf8').slice(0, 1500), `](${file})`, 'on its first screen')
  t.ok(kept.length < most, `it is small: ${kept.length} bytes`)
  const [width, height, difference] = await page.evaluate(likeness, [dataOf(kept, 'webp'), dataOf(taken, 'png')])
  t.strictSame({ width, height }, size)
  t.ok(difference < 4, `it shows what the page shows: ${difference} of 255 are other`)
  await page.emulateMedia({ colorScheme: null })
  await page.setViewportSize(before)
}

const dataOf = (image: Buffer, type: string): string => `data:image/${type};base64,${image.toString('base64')}`

/** Runs on the page: the picture at an address as a smaller file, in base64. */
async function asWebp(src: string): Promise<string> {
  const { Image, document } = globalThis as unknown as Page
  const image = new Image()
  image.src = src
  await image.decode()
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight })
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.toDataURL('image/webp', 0.9).split(',')[1]
}

/** Runs on the page: the size of the first picture, and by how much the two differ on average, from afar: fonts are not compared. */
async function likeness(urls: readonly string[]): Promise<readonly [number, number, number]> {
  const { Image, OffscreenCanvas } = globalThis as unknown as Page
  const [width, height] = [60, 39]
  const seen = await Promise.all(
    urls.map(async (src) => {
      const image = new Image()
      image.src = src
      await image.decode()
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context.imageSmoothingQuality = 'high'
      context.drawImage(image, 0, 0, width, height)
      const pixels: Uint8ClampedArray = context.getImageData(0, 0, width, height).data
      return { width: image.naturalWidth, height: image.naturalHeight, pixels }
    }),
  )
  const [one, other] = seen as [(typeof seen)[0], (typeof seen)[0]]
  const apart = one.pixels.reduce((sum, each, at) => sum + Math.abs(each - (other.pixels[at] as number)), 0)
  return [one.width, one.height, apart / one.pixels.length]
}
