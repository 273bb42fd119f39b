/** */
export default function ShellPage() {
  return null
}
