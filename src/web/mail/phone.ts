import { useSyncExternalStore } from 'react'

const narrow = matchMedia('(max-width: 640px)')

/** There is room for one pane alone. */
export const useIsPhone = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed)
      return () => narrow.removeEventListener('change', changed)
    },
    () => narrow.matches,
  )
