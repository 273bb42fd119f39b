/** The browser client: mail, calendar and people at `/owa`, administration at `/ecp`. What came with the page is seen first. */
import './app/page.css'
import { firstSight } from './first-sight/first-sight.ts'

async function run(root: Element): Promise<void> {
  await firstSight(root)
  const { start } = await import('./app/start.tsx')
  await start(root)
}

void run(document.querySelector('#root')!)
