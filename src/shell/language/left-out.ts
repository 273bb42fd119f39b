// table
/** Commands of PowerShell that this shell leaves out, and why; patterns in lower case. */
const rows: readonly [names: RegExp, why: string][] = [
  [/^(invoke-expression|iex)$/, 'text is not run as a script'],
  [/^(add-type|new-module|remove-module|update-module|uninstall-module|remove-pssnapin|using)$/, 'there are no .NET types and modules to load'],
  [/^(start|stop|get|receive|remove|wait|suspend|resume|debug)-(job|threadjob)$/, 'there are no jobs'],
  [/^(invoke-command|icm|enter-pssession|exit-pssession|new-pssessionoption|export-pssession|connect-pssession|disconnect-pssession|connect-ippssession)$/, 'one shell works with one site; isthmus shell connects to another'],
  [/^(start-process|saps|get-process|gps|stop-process|ps|invoke-item|ii|cmd|powershell|pwsh|bash|sh|ping|ipconfig|nslookup|net|sc|certutil|iisreset|clip|setspn|netdom|notepad)(\.exe)?$/, 'programs of the system are not started'],
  [/\.(exe|com|bat|cmd|ps1|psm1|vbs|sh)$/, 'programs and script files are not started from within a script'],
  [/^(copy|move|rename|remove|set|clear|get|invoke)-(item|itemproperty)$|^new-itemproperty$|^(ri|rm|del|cp|copy|mv|move|md|mkdir|ren)$/, 'files are only read and written'],
  [/^(invoke-webrequest|iwr|invoke-restmethod|irm|curl|wget|test-connection|test-netconnection|tnc|resolve-dnsname)$/, 'the network is not reached from a script'],
  [/^send-mailmessage$/, 'the network is not reached from a script; give what is to be sent to a program that sends it (isthmus shell script.ps1 | …)'],
  [/^(get|set|new|remove|add|enable|disable|search|move|unlock|connect|disconnect|update)-(ad|azuread|msol|mg|mgbeta|graph|team|cs|spo|pnp|entra|dns|gp|ipps|unified(?!group))[a-z]*$/, "it belongs to another product's module; Exchange's cmdlets are here: Get-User, Set-User, Get-Recipient"],
  [/^(get|new|set|remove)-(wmiobject|ciminstance|eventlog|winevent|psdrive|acl|counter|windowsfeature|netadapter|hotfix|computerinfo|scheduledtask)$|^(gwmi|gcim)$/, 'the system beneath is not reached from the shell'],
  [/^(configuration|start-dscconfiguration|publish-dscconfiguration)$/, 'there is no DSC'],
  [/^(register|unregister|get)-(objectevent|event|engineevent|scheduledjob)$/, 'there are no events'],
  [/^(set|new|import|export)-alias$|^(sal|nal)$/, 'aliases are fixed; write a function'],
  [/^(select-xml|convertfrom-string|convertto-xml|trace-command|set-psdebug|set-psbreakpoint|update-help|save-help|get-culture|get-uiculture|get-psprovider)$/, 'it is not built'],
] // prettier-ignore

/** Why a command is left out; undefined for one that nobody knows. */
export function leftOutCommands(name: string): string | undefined {
  const word = name.toLowerCase()
  return rows.find(([names]) => names.test(word))?.[1]
}
