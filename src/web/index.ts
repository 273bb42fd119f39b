/** The browser client: mail, calendar and people at `/owa`, administration at `/ecp`. What came with the page is seen first. */
import './app/page.css'
import { reloadWhenUpgraded } from './app/upgraded.ts'
import { firstSight } from './first-sight/first-sight.ts'
import { notLoaded } from './first-sight/not-loaded.ts'

async function run(root: Element): Promise<void> {
  reloadWhenUpgraded()
  await firstSight(root)
  const { start } = await import('./app/start.tsx')
  await start(root)
}

const root = document.querySelector('#root')!
run(root).catch((error: unknown) => notLoaded(root, error))
