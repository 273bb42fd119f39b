import { useEffect, useRef } from 'react'
import { keyNames } from './commands.ts'

/** Milliseconds in which the second key of two has to follow. */
const soon = 1500

/** Runs what a key stands for, unless something is being written or a dialog or menu is open. */
export function useKeys(runs: Readonly<Record<string, () => void>>): void {
  const now = useRef(runs)
  useEffect(() => {
    now.current = runs
  })
  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.metaKey || isElsewhere(event)) return
      const key = `${event.ctrlKey ? 'Ctrl+' : ''}${event.shiftKey && event.key.length > 0 && event.key !== '?' && event.key !== '/' ? 'Shift+' : ''}${event.key}`
      const both = first && event.timeStamp - first.at < soon ? `${first.key} ${key}` : key
      first = key === 'g' ? { key, at: event.timeStamp } : undefined
      const name = keyNames[both] ?? keyNames[key]
      const run = name === undefined ? undefined : now.current[name]
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
}

function isElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"]')) return true
  // Delete in the tree of folders is about the folder.
  return key === 'Delete' && target.closest('[role="tree"]') !== null
}
