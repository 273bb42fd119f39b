/** What is not there at the first look, loaded together when the first of it is wanted: in one piece, so that the first look comes in few. */
export { FilePreview } from './file-preview.tsx'
export { RowMenu } from './row-menu.tsx'
export { SearchPanel } from './search-panel.tsx'
export { takeBack } from './undo.ts'
export { WholeListBar } from './whole-list-bar.tsx'
export { WholeListDialog } from './whole-list-dialog.tsx'
