import { createContext, startTransition, use, useEffect, useState, type ReactNode } from 'react'

const Painted = createContext(true)

/** Around the whole client: what is in `Later` comes when the rest of it was painted once. */
export function PaintedFirst({ children }: { children: ReactNode }) {
  const [painted, setPainted] = useState(false)
  useEffect(() => {
    // After the next frame: what runs in it would hold it up.
    const frame = requestAnimationFrame(() => setTimeout(() => startTransition(() => setPainted(true))))
    return () => cancelAnimationFrame(frame)
  }, [])
  return <Painted value={painted}>{children}</Painted>
}

/** What nobody needs to see where they are: commands, menus, what waits for something to happen. `instead` keeps its room. */
export const Later = ({ children, instead }: { children: ReactNode; instead?: ReactNode }) => (use(Painted) ? children : instead)
