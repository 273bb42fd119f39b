import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles, MessageBar, MessageBarBody, mergeClasses, tokens } from '@fluentui/react-components' // prettier-ignore
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  wide: { maxWidth: '880px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
})

/** A dialog: its title, what went wrong, what is in it, and what can be done – last that it is left, which Escape does too. */
export function DialogFrame({ title, closeText, onClose, error, actions, isWide, children }: {
  title: string
  closeText: string
  onClose: () => void
  error?: Error | null
  /** Buttons before the one that closes. */
  actions?: ReactNode
  isWide?: boolean
  children: ReactNode
}) {
  const styles = useStyles()
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={mergeClasses(isWide && styles.wide)}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
            {children}
          </DialogContent>
          <DialogActions fluid>
            {actions}
            <Button onClick={onClose}>{closeText}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
} // prettier-ignore
