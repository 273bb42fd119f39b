import { createContext, startTransition, use, useEffect, useState, type ReactNode } from 'react'
import { painted } from './painted.ts'

const Painted = createContext(true)

/** Around the whole client: what is in `Later` comes when the rest of it was painted once. */
export function PaintedFirst({ children }: { children: ReactNode }) {
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    // After the next frame: what runs in it would hold it up.
    void painted().then(() => startTransition(() => setPainted(true)))
  }, [])
  return <Painted value={isPainted}>{children}</Painted>
}

/** What nobody needs to see where they are: commands, menus, what waits for something to happen. `instead` keeps its room. */
export const Later = ({ children, instead }: { children: ReactNode; instead?: ReactNode }) => (use(Painted) ? children : instead)
