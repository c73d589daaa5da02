import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Writes a gzip copy beside every text file, once at build: a Pi serves the page without compressing anything. */
const precompressed = (): Plugin => ({
  name: 'precompressed',
  apply: 'build',
  writeBundle: async ({ dir }) => {
    if (!dir) return
    for (const file of await readdir(dir, { recursive: true })) {
      if (!/\.(?:js|css|html|svg)$/.test(file)) continue
      const plain = await readFile(join(dir, file))
      if (plain.length >= WORTH_BYTES) await writeFile(join(dir, `${file}.gz`), gzipSync(plain, { level: 9 }))
    }
  },
})

/** Below one network packet compressing saves nothing. */
const WORTH_BYTES = 1_400

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the folder can be served below any path, by the hub or by a node.
  base: './',
  plugins: [react(), precompressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content policy allows scripts from this origin only: nothing may be inlined as a data address either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: { input: { index: join(import.meta.dirname, 'index.html'), stockroom: join(import.meta.dirname, 'stockroom.html') } },
  },
})
