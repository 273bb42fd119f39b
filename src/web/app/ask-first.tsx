import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components'

export interface AskFirstTexts {
  title: string
  text?: string
  yes: string
  no: string
}

/** Asks before something is done that cannot be undone. */
export function AskFirst({ open, texts, onYes, onClose }: { open: boolean; texts: AskFirstTexts; onYes: () => void; onClose: () => void }) {
  return (
    <Dialog open={open} modalType="alert" onOpenChange={(_, { open: stays }) => !stays && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{texts.title}</DialogTitle>
          <DialogContent>{texts.text}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onYes}>
              {texts.yes}
            </Button>
            <DialogTrigger disableButtonEnhancement>
              <Button>{texts.no}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
