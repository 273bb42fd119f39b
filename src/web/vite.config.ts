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
    // As written: `light-dark()` goes by the look that people chose.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing is written into the page or a style sheet: the policy of the pages takes no `data:` there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // Few files: each costs the browser time. What is seen first is one, what every page needs another, what several areas share the third.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 3 },
            { name: 'main', test: /web\/app\/start\.tsx$/, priority: 2 },
            { name: 'parts', test: /node_modules|web\/app/, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
  },
})
