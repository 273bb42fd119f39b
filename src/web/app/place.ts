import { useNavigate, useParams } from '@tanstack/react-router'

/** The parts of the path behind the area's own: `/owa/mail/17/4` → `['17', '4']`. */
export function useRest(): string[] {
  const { _splat = '' } = useParams({ strict: false })
  return _splat === '' ? [] : _splat.split('/')
}

/** Goes to a place of the client: a whole path. */
export function useGo(): (path: string, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return (path, { replace = false } = {}) => void navigate({ to: path, replace })
}
