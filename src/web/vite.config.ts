import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The browser client, built to `dist/web`: one page for `/owa` and `/ecp`, files named by what is in them. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/owa/',
  plugins: [react()],
  html: { cspNonce: '%NONCE%' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // The site reads which files an area is made of, and names them in its page.
    manifest: true,
    target: 'es2023',
    // Nothing is written into the page or a style sheet: the policy of the pages takes no `data:` there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // Few files: each costs the browser time. What every page needs is one, what several areas share another.
        codeSplitting: {
          groups: [
            { name: 'main', tags: ['$initial'], priority: 2 },
            { name: 'parts', test: /node_modules|web\/app/, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
  },
})
