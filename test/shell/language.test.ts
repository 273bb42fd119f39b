/** Every construct of the language: a script and what it gives. */
import { cases } from './cases.ts'

cases('numbers', [
  ['1KB; 2MB; 1.5GB; 0x1F; .5; 1e3; 10l; 1TB', '1024|2097152|1610612736|31|0.5|1000|10|1099511627776'],
  ['7 / 2; 8 / 2; 7 % 3; -7 % 3; 2 * 3 + 4; 2 + 3 * 4; (2 + 3) * 4', '3.5|4|1|-1|10|14|20'],
  ['9007199254740993; 9007199254740992 + 1', '9007199254740993|9007199254740993'],
  ['-5; - 5; +"3"; -"3"; 5-3; 5 -3', '-5|-5|3|-3|2|2'],
  ['[int]2.5; [int]3.5; [int]"42"; [double]"1.5"; [int]$null; [int]$true', '2|4|42|1.5|0|1'],
  ['"5" + 3; 5 + "3"; "5" * 3; $null + 1', '53|8|555|1'],
])

cases('texts', [
  [`'it''s'; "say ""x"""; 'a$b'`, `it's|say "x"|a$b`],
  ['$x = 3; "a$x b$($x + 1) `$x ${x}c"', 'a3 b4 $x 3c'],
  ['"a`tb`n" + "c`"d"', 'a\tb\nc"d'],
  ['$m = Get-Mailbox mary; "$m.Name is $($m.Name)"', 'mary.Name is mary'],
  ['"${env:USERNAME} $env:path"', 'mary /bin'],
  ["@'\na $x\nb\n'@", 'a $x\nb'],
  ['$x = 1; @"\na $x\n"b" $(1+1)\n"@', 'a 1\n"b" 2'],
  ['“typographic” + ‘quotes’', 'typographicquotes'],
  ['"$(1,2,3)"; "$(@())x"; "$null|"', '1 2 3|x||'],
  ['"a$"; "$"; "5$ x"; "$ x"', 'a$|$|5$ x|$ x'],
  ['"`u{41}`0".Length', '2'],
])

cases('variables, scopes and assignment', [
  ['$a = 1; $a += 2; $a *= 5; $a -= 1; $a /= 2; $a %= 4; $a', '3'],
  ['$a, $b = 1, 2; "$a-$b"; $a, $b = $b, $a; "$a-$b"', '1-2|2-1'],
  ['$a, $b = 1, 2, 3; $b', '2|3'],
  ['$a = $b = 4; $a + $b', '8'],
  ['${a b} = 5; ${a b}', '5'],
  ['$i = 1; $i++; ++$i; $i--; $i; $j = $i++; $j; $i', '2|2|3'],
  ['$x = 1; function f { $x = 2; $x }; f; $x', '2|1'],
  ['function f { $script:y = 2; $global:z = 3 }; f; $y + $z', '5'],
  ['[int]$n = "5"; $n + 1; $n = "7"; $n + 1', '6|8'],
  ['$null = 5; $undefined -eq $null', '$true'],
  ['$t = @{}; $t.a = 1; $t["b"] = 2; $t.a += 5; $t.a; $t.Count', '6|2'],
  ['$l = 1, 2, 3; $l[1] = 9; $l[-1]++; "$l"', '1 9 4'],
  ['$x = if ($true) { 5 } else { 6 }; $x', '5'],
  ['$x = foreach ($i in 1..3) { $i * 2 }; "$x"', '2 4 6'],
  ['($v = 7); $v', '7|7'],
])

cases('lists, tables and ranges', [
  ['@().Count; @(1).Count; @($null).Count; (,1).Count; (1, 2, 3).Length', '0|1|1|1|3'],
  ['1..3; 3..1; "$(-1..1)"', '1|2|3|3|2|1|-1 0 1'],
  ['(1..5)[0]; (1..5)[-1]; (1..5)[0..2]; (1..5)[1, 3]', '1|5|1|2|3|2|4'],
  ['$a = @(1, 2); $a += 3; $a += , (4, 5); $a.Count', '4'],
  ['@{ a = 1; "b c" = 2; 3 = "x" }; (@{ a = 1 }).a; @{ a = 1 }["A"]', '{a=1;b c=2;3=x}|1|1'],
  ['$t = [ordered]@{ z = 1; a = 2 }; $t.Keys; $t[0]; $t.Contains("z")', 'z|a|1|$true'],
  ['$t = @{ a = @{ b = 3 } }; $t.a.b', '3'],
  ['(@{ a = 1 } + @{ b = 2 }).Count', '2'],
  ['([pscustomobject]@{ Name = "x"; Size = 3 }).Size', '3'],
  ['(Get-Mailbox).Name; (Get-Mailbox).Count', 'mary|john|anna|3'],
  ['$x = Get-Mailbox none | ? { $false }; $x | % { 1 }; $x.Count', '0'],
  ['@(1, 2) + 3, 4', '1|2|3|4'],
  ['$a = 1, 2, (3, 4); $a.Count; $a[2][1]', '3|4'],
])

cases('comparisons convert to the left side and filter lists', [
  ['1 -eq "1"; "1" -eq 1; "a" -eq "A"; "a" -ceq "A"; "a" -ieq "A"; $null -eq 0', '$true|$true|$true|$false|$true|$false'],
  ['$true -eq "x"; $true -eq 0; "" -eq $null', '$true|$false|$false'],
  ['3 -gt 2; "10" -gt 9; 10 -gt "9"; "b" -ge "B"; 2 -le 2; 1 -lt 1; 1 -ne 2', '$true|$false|$true|$true|$true|$false|$true'],
  ['1, 2, 3, 2 -eq 2; 1, 2, 3 -ne 2; 1..5 -gt 3', '2|2|1|3|4|5'],
  ['"mary" -like "M*"; "mary" -clike "M*"; "mary" -notlike "*z"; "a1" -like "a[0-9]"; "ab" -like "a?"', '$true|$false|$true|$true|$true'],
  ['"ab", "cd" -like "a*"', 'ab'],
  ['1, 2 -contains 2; 1, 2 -notcontains 2; "A" -in "a", "b"; 3 -notin 1, 2; "A" -cin "a", "b"', '$true|$false|$true|$true|$false'],
  ['5 -is [int]; "x" -is [string]; 5 -isnot [string]; (1,2) -is [array]; 1.5 -is [double]', '$true|$true|$true|$true|$true'],
  ['"5" -as [int]; ("x" -as [int]) -eq $null', '5|$true'],
  ['[datetime]"2017-05-01" -lt "2017-05-02"; [timespan]"1:00" -eq "01:00:00"', '$true|$true'],
  ['[guid]"6F9619FF-8B86-D011-B42D-00C04FC964FF" -eq "6f9619ff-8b86-d011-b42d-00c04fc964ff"', '$true'],
])

cases('logic and bits', [
  ['$true -and $false; $true -or $false; -not $true; !$false; $true -xor $true', '$false|$true|$false|$true|$false'],
  ['$x = 0; $false -and ($x = 1); $x; $true -or ($x = 2); $x', '$false|0|$true|0'],
  ['6 -band 3; 6 -bor 1; 6 -bxor 3; -bnot 0; 1 -shl 4; 16 -shr 2', '2|7|5|-1|16|4'],
  ['if (@()) { 1 } else { 2 }; if (@(0)) { 1 } else { 2 }; if ("0") { 1 }; if (0, 0) { 3 }', '2|2|1|3'],
  ['1 -eq 1 -and 2 -gt 1; -not 1 -eq 2', '$true|$false'],
])

cases('match, replace, split, join and format', [
  ['"mary@contoso.com" -match "^(?<user>[^@]+)@(.+)$"; $Matches.user; $Matches[1]', '$true|mary|contoso.com'],
  ['"a" -notmatch "b"; "A" -cmatch "a"; "ab", "cd" -match "c"', '$true|$false|cd'],
  ['"a.b.c" -replace "\\.", "-"; "abc" -replace "b"; "Abc" -creplace "a", "x"; "a1" -replace "(\\w)(\\d)", \'$2$1\'', 'a-b-c|ac|Abc|1a'],
  ['"x,y;z" -split "[,;]"; "a b  c" -split " +"; -split " a  b "; "a,b,c" -split ",", 2', 'x|y|z|a|b|c|a|b|a|b,c'],
  ['"a1b2" -split "(\\d)"', 'a|1|b|2|'],
  ['"a", "b" -join "-"; -join ("x", "y"); 1..3 -join ","', 'a-b|xy|1,2,3'],
  ['"{0} of {1:N0} {2,5}|{3,-4}|" -f "x", 12345, "r", "l"', 'x of 12,345     r|l   |'],
  [
    '"{0:yyyy-MM-dd} {1:P1} {2:X} {3:D4} {4:00.0} {5:#,##0.00}" -f [datetime]"2017-05-01", 0.256, 255, 7, 3.14159, 1234.5',
    '2017-05-01 25.6% FF 0007 03.1 1,234.50',
  ],
  ['"{{x}}" -f 1; "{0:N2}" -f 2.345', '{x}|2.35'],
  ['"aab" -replace "a+?", "x"; "x" -match "(?i)X"; "foobar" -match "foo(?=bar)"; "a\nb" -match "^b$"', 'xxb|$true|$true|$false'],
  ['"abab" -match "(ab)\\1"; "price: 5" -match "(?<=: )\\d"; $Matches[0]', '$true|$true|5'],
  ['"b", "a" | % { $_ -replace "a", { $_.Value.ToUpper() } }', 'b|A'],
])

cases('statements', [
  ['if (1 -gt 2) { "a" } elseif (2 -gt 1) { "b" } else { "c" }', 'b'],
  ['if ($false) { 1 }\nelse { 2 }', '2'],
  ['for ($i = 0; $i -lt 3; $i++) { $i }', '0|1|2'],
  ['$i = 0; while ($true) { $i++; if ($i -eq 2) { continue }; if ($i -gt 3) { break }; $i }', '1|3'],
  ['$i = 0; do { $i++; $i } while ($i -lt 2); do { $i++ } until ($i -ge 5); $i', '1|2|5'],
  [':outer foreach ($a in 1..3) { foreach ($b in 1..3) { if ($b -eq 2) { continue outer }; "$a$b" } }', '11|21|31'],
  ['switch ("b") { "a" { 1 } "B" { 2 } default { 3 } }; switch (9) { 1 { 1 } default { 3 } }', '2|3'],
  ['switch (1, 2, 3) { { $_ -gt 1 } { "big $_" } 3 { "three" } }', 'big 2|big 3|three'],
  ['switch -wildcard ("mary") { "m*" { 1; break } "*y" { 2 } }; switch -regex ("m1") { "\\d" { "digit" } }', '1|digit'],
  ['switch (1, 2) { 1 { continue; 5 } 2 { 6 } }', '6'],
  ['foreach ($x in $null) { 1 }; foreach ($x in @()) { 2 }; foreach ($x in 5) { $x }', '5'],
  ['"a" # comment\n<# block\n comment #> "b"; "c#d"', 'a|b|c#d'],
  ['1 +\n2; "a" |\n% { $_ }; Write-Output `\n5; (1,\n2).Count', '3|a|5|2'],
  ['return 5; 6', '5'],
])

cases('errors and their handling', [
  ['try { throw "bad" } catch { "caught: $_"; $_.Exception.Message } finally { "end" }', 'caught: bad|bad|end'],
  ['try { 1 / 0 } catch [System.DivideByZeroException] { "zero" } catch { "other" }', 'zero'],
  ['try { [int]"x" } catch [InvalidCastException] { "cast" }', 'cast'],
  ['try { Get-Mailbx } catch [System.Management.Automation.CommandNotFoundException] { $_.FullyQualifiedErrorId }', 'CmdletNotFound'],
  ['try { Get-Mailbox nobody -ErrorAction Stop } catch { "gone: $($_.CategoryInfo.Category)" }', 'gone: ObjectNotFound'],
  ['try { try { throw "a" } finally { "f" } } catch { "c" }', 'f|c'],
  ['function f { try { return 1 } finally { "f" } }; f', '1|f'],
  ['try { throw "x" } catch { try { throw } catch { "again $_" } }', 'again x'],
  [
    'Get-Mailbox nobody -ErrorAction SilentlyContinue -ErrorVariable e; $e.Count; $error.Count; "$($error[0])"',
    "1|1|There is no mailbox 'nobody'.",
  ],
  ['Get-Mailbox nobody -ea Ignore; $error.Count', '0'],
  ['Get-Mailbox nobody -ea SilentlyContinue; $?; 1; $?', '$false|1|$true'],
  ['$ErrorActionPreference = "Stop"; try { Get-Mailbox nobody } catch { "stopped" }', 'stopped'],
  ['$ErrorActionPreference = "SilentlyContinue"; 1 / 0; "on"', 'on'],
  ['Get-Mailbox nobody 2>$null; "on"', 'on'],
  ['Get-Mailbox nobody 2>&1 | % { "e: $_" }', "e: There is no mailbox 'nobody'."],
  ['Write-Warning "w" 3>&1 | % { "w: $_" }; Write-Warning "x" -WarningAction SilentlyContinue; Write-Verbose "v" *> $null', 'w: w'],
  ['Get-Mailbox -OutVariable o | Out-Null; $o.Count; 1 | Write-Output -ov +o; $o.Count', '3|1|4'],
  ['1, 2 | % { try { throw "e$_" } catch { "$_" } }', 'e1|e2'],
])

cases('functions and script blocks', [
  ['function f($a, $b = 2) { $a + $b }; f 1; f 1 5; f -b 7 -a 1; f -a:3', '3|6|8|5'],
  ['function f { param([int]$n, [switch]$twice) if ($twice) { $n * 2 } else { $n } }; f 4; f 4 -twice; f "4" -twice:$false', '4|8|4'],
  ['function f { $args.Count; $args[1] }; f a b c', '3|b'],
  ['function f { begin { "b" } process { "p$_" } end { "e" } }; 1, 2 | f', 'b|p1|p2|e'],
  ['filter even { if ($_ % 2 -eq 0) { $_ } }; 1..4 | even', '2|4'],
  ['function f { $input.Count }; 1, 2, 3 | f', '3'],
  [
    'function f { param([Parameter(Mandatory=$true, ValueFromPipeline=$true)][string]$Name, [ValidateSet("a","b")]$Mode = "a") process { "$Name-$Mode" } }; "x", "y" | f -Mode b',
    'x-b|y-b',
  ],
  ['function f { param([Parameter(ValueFromPipelineByPropertyName)]$Name) process { $Name } }; Get-Mailbox | f', 'mary|john|anna'],
  ['& { param($x) $x * 2 } 4; $b = { "b$args" }; & $b 1; . { $y = 5 }; $y; & "Get-Mailbox" mary | % Name', '8|b1|5|mary'],
  ['{ 1 + 1 }.Invoke(); $b = { $_ }; 5 | % $b', '2|5'],
  ['function Get-Mailbox { "mine" }; Get-Mailbox', 'mine'],
  ['$p = @{ Identity = "mary" }; Get-Mailbox @p | % Name; $l = "mary"; Get-Mailbox @l | % Name', 'mary|mary'],
  ['function f($n) { if ($n -le 1) { 1 } else { $n * (f ($n - 1)) } }; f 10', '3628800'],
  ['function f { [CmdletBinding()] param([Alias("n")]$Name) $Name }; f -n 3', '3'],
  ['function f { "x"; return "y"; "z" }; f', 'x|y'],
  ['1..3 | % { if ($_ -eq 2) { return }; $_ }', '1|3'],
])

cases('methods and static members', [
  [
    '"abc".ToUpper(); " x ".Trim(); "xxa".TrimStart("x"); "a,b".Split(","); "abc".Replace("b", "-"); "abc".Substring(1, 1)',
    'ABC|x|a|a|b|a-c|b',
  ],
  [
    '"abc".Contains("b"); "abc".StartsWith("a"); "abc".EndsWith("x"); "abc".IndexOf("c"); "a".PadLeft(3); "7".PadLeft(3, "0")',
    '$true|$true|$false|2|  a|007',
  ],
  ['("a", "b").ToUpper(); (1, 2, 3).Contains(2); "a b".Split().Count; "abc"[1]; "abc".Length', 'A|B|$true|2|b|3'],
  [
    '$t = @{ a = 1 }; $t.Add("b", 2); $t.ContainsKey("B"); $t.Remove("a"); $t.Count; $t.GetEnumerator() | % { "$($_.Key)=$($_.Value)" }',
    '$true|1|b=2',
  ],
  ['$l = New-Object System.Collections.ArrayList; [void]$l.Add(5); $l.Count', '1'],
  [
    '([datetime]"2017-05-01").AddDays(1).ToString("yyyy-MM-dd"); ([datetime]"2017-01-31").AddMonths(1).Day; ([datetime]"2017-05-01").DayOfWeek',
    '2017-05-02|28|Monday',
  ],
  ['(([datetime]"2017-05-02") - ([datetime]"2017-05-01")).TotalHours; [timespan]::FromMinutes(90).ToString()', '24|01:30:00'],
  ['[math]::Round(2.5); [math]::Round(2.345, 2); [math]::Max(3, 7); [Math]::Floor(2.9)', '2|2.34|7|2'],
  ['[string]::IsNullOrEmpty(""); [string]::Join("-", (1, 2)); [string]::Format("{0}!", "x"); [string]::Empty.Length', '$true|1-2|x!|0'],
  [
    '[DateTime]::Now.Year; [DateTime]::UtcNow.ToString("o"); [guid]::NewGuid().ToString().Length; [guid]::Empty',
    '2017|2017-05-01T12:30:00.0000000Z|36|00000000-0000-0000-0000-000000000000',
  ],
  ['[int]::MaxValue; [convert]::ToInt32("ff", 16); [regex]::Escape("a.b"); [environment]::NewLine.Length', '2147483647|255|a\\.b|2'],
  ['(5).GetType().Name; "x".GetType().FullName; (1.5).ToString("N2")', 'Int32|System.String|1.50'],
  ['(1, 2, 3).Where({ $_ -gt 1 }); (1, 2).ForEach({ $_ * 10 })', '2|3|10|20'],
  ['[char]65; [bool]"x"; [string]5 + "x"; [array]5 -is [array]; [datetime]"5/1/2017" -eq [datetime]"2017-05-01"', 'A|$true|5x|$true|$true'],
  ['(Get-Date).ToUniversalTime().Hour', '12'],
  [
    '$l = [System.Collections.Generic.List[object]]::new(); $l.Add(1) | Out-Null; $l.Count; "abc".Contains("B", [StringComparison]::OrdinalIgnoreCase)',
    '1|$true',
  ],
])

cases('arguments of commands', [
  ['Write-Output a-b; Write-Output $(1 + 1); Write-Output "a b" c:\\temp\\x.txt', 'a-b|2|a b|c:\\temp\\x.txt'],
  ['$a = 4; Write-Output $a/H; Write-Output $a.GetType().Name x', '4/H|Int32|x'],
  ['Write-Output 007; (Write-Output 7) + 1; Write-Output 10MB; Write-Output -5', '007|8|10485760|-5'],
  ['Write-Output a, b, c; Write-Output (1, 2)[0]', 'a|b|c|1'],
  ['Write-Output pre$(1 + 1)post "x"y', 'pre2post|x|y'],
  ['Get-Mailbox -Id mary | % Name; get-mailbox -identity:mary | % Name', 'mary|mary'],
  ['Write-Output *; Write-Output a*b; Write-Output http://x/y?z=1', '*|a*b|http://x/y?z=1'],
  ['Write-Output –NoEnumerate 5', '5'],
])
