/** The browser client: mail, calendar and people at `/owa`, administration at `/ecp`. */
import { start } from './app/start.tsx'

void start(document.querySelector('#root')!)
