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
    target: 'es2023',
    // Nothing is written into the page or a style sheet: the policy of the pages takes no `data:` there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
})
