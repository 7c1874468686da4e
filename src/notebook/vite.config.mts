/** How the page is built: a folder of static files, in which every address is relative. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../../node_modules/.cache/notebook', emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
})
