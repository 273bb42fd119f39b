/** Values as PowerShell's rules have them: what is compared, converted, unrolled, rounded. */
import { cases } from './cases.ts'

cases('lists are unrolled, and one value is itself', [
  ['function f { @(1, 2) }; (f).Count; function g { , @(1, 2) }; (g).Count; function one { @(5) }; (one).GetType().Name', '2|2|Int32'],
  ['function f { @() }; $x = f; $null -eq $x; @(f).Count; function g { $null }; @(g).Count', '$true|0|1'],
  ['$x = 1, (2, 3); $x.Count; ($x | % { $_ }).Count; ($x | measure).Count', '2|3|2'],
  ['$a = @(1); $a += @(2, 3); $a.Count; $b = @(); $b += , @(1, 2); $b.Count; $b[0].Count', '3|1|2'],
  ['@(@(1, 2)).Count; @(, @(1, 2)).Count; (1..3 | ? { $_ -gt 9 }) -eq $null; @($null).Count; @($undefined).Count', '2|1|$true|1|1'],
  ['$x = @{ a = 1 }; @($x).Count; ($x | measure).Count; (@{ a = 1; b = 2 } | % { $_ }).Count', '1|1|2'],
  ['"$(@(1, 2))"; "$(1, 2, $null)|"; [string](1, 2); (1, 2).ToString()', '1 2|1 2 ||1 2|System.Object[]'],
])

cases('lists on the left are filtered, $null is less than all', [
  ['$null -eq @(); (@() -eq $null).Count; (1, $null, 2 -eq $null).Count; @(1, $null, 2) -ne $null', '$false|0|1|1|2'],
  [
    '$null -lt 1; $null -gt -1; $null -lt -1; $null -le 0; "" -eq $null; $null -eq ""; 0 -eq $null; $false -eq $null',
    '$true|$true|$false|$true|$false|$false|$false|$false',
  ],
  [
    '[bool](1, 2, 3 -eq 2); [bool](0, 1 -eq 0); [bool]@($false); [bool](@($false), @($false)); [bool]" "; [bool]"0"; [bool]0.0',
    '$true|$false|$false|$true|$true|$true|$false',
  ],
  ['"abc", "ABC" -ceq "abc"; ("a", "b" -match "a").Count; "a", "b" -notmatch "a"; "a,b", "c" -split ","', 'abc|1|b|a|b|c'],
  ['"a1", "b2" -replace "\\d"; -join ("a", 1, $null, "b"); 1, 2 -join ""; "x" -join ","', 'a|b|a1b|12|x'],
])

cases('the left side says what is compared', [
  [
    '10 -gt "9"; "10" -gt 9; "10" -lt "9"; 1 -eq 1.0; "1.0" -eq 1; 1 -eq "1.0"; "True" -eq $true; $true -eq "False"',
    '$true|$false|$true|$true|$false|$true|$true|$true',
  ],
  [
    '[datetime]"2024-01-02" -gt "2024-01-01"; "2024-01-02" -eq [datetime]"2024-01-02"; [timespan]"1.00:00" -gt "23:00"',
    '$true|$false|$true',
  ],
  [
    '[version]"15.10.0" -gt "15.9.1"; [version]"15.1" -lt [version]"15.1.0"; ("1.10", "1.9" | sort { [version]$_ })[0]; ([version]"15.1.2.3").Build',
    '$true|$true|1.9|2',
  ],
  ['"a" -lt "B"; "a" -clt "A"; "ab" -gt "a"; "Z" -ge "z"; "é" -eq "e"', '$true|$true|$true|$true|$false'],
])

cases('numbers', [
  [
    '[int]0.5; [int]1.5; [int]2.5; [int]-0.5; [int]-1.5; [int]"2.5"; [int]"3.5"; [int]2.51; [math]::Round(0.5); [math]::Round(1.5)',
    '0|2|2|0|-2|2|4|3|0|2',
  ],
  [
    '[math]::Round(2.5, [MidpointRounding]::AwayFromZero); [math]::Round(1.005, 2); [math]::Truncate(-2.7); [math]::Ceiling(-2.7); [int][math]::Floor(-2.7)',
    '3|1|-2|-2|-3',
  ],
  [
    '7 / 2; 6 / 3; (6 / 3).GetType().Name; (7 / 2).GetType().Name; "$(1 / 3)"; "$(2 / 3)"; 10 % 3; -10 % 3; 5.5 % 2',
    '3.5|2|Int32|Double|0.333333333333333|0.666666666666667|1|-1|1.5',
  ],
  [
    '"$(0.1 + 0.2) $(0.1 * 3) $(1e16) $(123456789012345678) $(1.0) $(100.0) $(1e-5) $(0.0001)"',
    '0.3 0.3 1E+16 123456789012345678 1 100 1E-05 0.0001',
  ],
  [
    '(2147483647 + 1).GetType().Name; (2147483647).GetType().Name; 9223372036854775807; [long]::MaxValue; [int]::MinValue',
    'Int64|Int32|9223372036854775807|9223372036854775807|-2147483648',
  ],
  [
    '"5" + 5; 5 + "5"; "5" - 2; "6" / "4"; "3" * 2; 3 * "2"; +"7" + 1; -"7"; "0x10" + 0; 0 + "0x10"; "1e3" * 1; 1 + "1,000"',
    '55|10|3|1.5|33|6|8|-7|0x100|16|1e3|1001',
  ],
  ['$true + 1; 1 + $true; $null + 5; 5 - $null; 1KB + 1; 2MB / 1KB; 1.5GB', '2|2|5|5|1025|2048|1610612736'],
  [
    '[int][char]"A"; [char]97; [char[]](72, 105) -join ""; [byte][char]"z"; [int]"0x1F"; [convert]::ToString(255, 2); "{0:x}" -f 255',
    '65|a|Hi|122|31|11111111|ff',
  ],
  ['1..3 + 5; 5..1 -join ","; (1..0).Count', '1|2|3|5|5,4,3,2,1|2'],
])

cases('-f as .NET formats', [
  ['"{0:N0} {0:N2} {0:N}" -f 1234.567; "{0:C}" -f 5; "{0:E2}" -f 12345', '1,235 1,234.57 1,234.57|$5.00|1.23E+004'],
  [
    '"{0:D3} {0:X} {0:x4} {0:00000}" -f 42; "{0:0.0#}" -f 1.5; "{0:#.##}" -f 0; "{0:#,##0.00}" -f -1234.5; "{0:+0;-0;zero}" -f 0',
    '042 2A 002a 00042|1.5||-1,234.50|zero',
  ],
  ['"{0,6}|{0,-6}|" -f "ab"; "{1}{0}" -f "a", "b"; "{0}" -f $null; "{0} {1}" -f (1, 2); "{{{0}}}" -f 5', '    ab|ab    ||ba||1 2|{5}'],
  [
    '"{0:yyyy-MM-dd HH:mm}" -f [datetime]"2024-03-05 14:30"; "{0:ddd d MMM yyyy}" -f [datetime]"2024-03-05"; "{0:t}|{0:T}|{0:g}" -f [datetime]"2024-03-05 14:30"',
    '2024-03-05 14:30|Tue 5 Mar 2024|2:30 PM|2:30:00 PM|3/5/2024 2:30 PM',
  ],
  ['"{0:N1}" -f 0.25; "{0:N1}" -f 0.35; "{0:N0}" -f 0.5; "{0:N0}" -f 1.5; "{0:N0}" -f 2.5', '0.3|0.4|1|2|3'],
])

cases('dates are read exactly as they are said to be written', [
  [
    '[datetime]::ParseExact("05.03.2024", "dd.MM.yyyy", $null).ToString("yyyy-MM-dd"); [datetime]::ParseExact("03/05/2024", "dd/MM/yyyy", $null).Month',
    '2024-03-05|5',
  ],
  [
    '[datetime]::ParseExact("20240305T1430", "yyyyMMddTHHmm", $null).Hour; [datetime]::ParseExact("5 Mar 2024 2:05 PM", "d MMM yyyy h:mm tt", $null).ToString("HH:mm")',
    '14|14:05',
  ],
  [
    'try { [datetime]::ParseExact("2024-03-05", "dd.MM.yyyy", $null) } catch [FormatException] { "no date" }; try { [datetime]::ParseExact("31.02.2024", "dd.MM.yyyy", $null) } catch { "no day" }',
    'no date|no day',
  ],
  [
    '$f = "hm" * 40; try { [datetime]::ParseExact("1" * 130 + "x", $f, $null) } catch [FormatException] { "no date, at once" }; [datetime]::ParseExact("2024-03-05T14:30:00+02:00", "yyyy-MM-ddTHH:mm:ssK", $null).ToUniversalTime().Hour',
    'no date, at once|12',
  ],
])

cases('lists of .NET, properties of objects, hash tables', [
  [
    '$l = [System.Collections.Generic.List[string]]::new(); $l.Add("b"); $l.Add("a"); $l.Sort(); $l -join ","; $l.Remove("a"); $l.Remove("x"); $l.Count; $l.GetType().Name',
    'a,b|$true|$false|1|List`1',
  ],
  [
    '$l = New-Object "System.Collections.Generic.List[object]"; $l.Add(1); $a = [System.Collections.ArrayList]@(1, 2); $a.Add(3); $a.AddRange((4, 5)); $a.Count; (New-Object System.Collections.ArrayList(, (1, 2))).Count',
    '2|5|2',
  ],
  [
    '$o = [pscustomobject]@{ A = 1; B = 2 }; $o.PSObject.Properties["a"].Value; $o.PSObject.Properties.Name -contains "B"; $o.PSObject.Properties["A"].Value = 5; $o.A; $o.PSObject.Properties.Remove("A"); $o',
    '1|$true|5|@{B=2}',
  ],
  [
    '$o = [pscustomobject]@{ A = 1 }; [bool]$o.PSObject.Properties["x"]; @($o.PSObject.Properties.Match("a*")).Count; foreach ($p in $o.PSObject.Properties) { "$($p.Name)=$($p.Value)" }',
    '$false|1|A=1',
  ],
  [
    '$h = @{ b = 1; Count = 9 }; $h.Count; $h["Count"]; $h.Keys.Count; $h.x = 5; $h.Remove("b"); $h.ContainsKey("B"); $h.ContainsValue(5)',
    '9|9|2|$false|$true',
  ],
  [
    '$a = [regex]"(\\d+)"; $a.Match("ab12").Value; $a.IsMatch("x"); "a1" -match $a; $a.Replace("a1b2", "#"); ([regex]::new("b")).Split("abc") -join "-"; "$a"',
    '12|$false|$true|a#b#|a-c|(\\d+)',
  ],
  [
    '[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("é")); [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("w6k=")); [Text.Encoding]::Unicode.GetBytes("a").Length',
    'w6k=|é|2',
  ],
  [
    'try { throw [System.ArgumentException]::new("bad") } catch [System.IO.IOException] { "io" } catch [ArgumentException] { $_.Exception.Message; $_.Exception.GetType().FullName; $_.Exception -is [System.ArgumentException]; $_.Exception -is [System.TimeoutException] }',
    'bad|System.ArgumentException|$true|$false',
  ],
])

cases('an error says where it comes from', [
  [
    '1\n  try {\n  Get-Mailbox nobody -ErrorAction Stop } catch { $_.InvocationInfo.ScriptLineNumber; $_.InvocationInfo.Line.Trim(); $_.InvocationInfo.PositionMessage }',
    '1|3|Get-Mailbox nobody -ErrorAction Stop } catch { $_.InvocationInfo.ScriptLineNumber; $_.InvocationInfo.Line.Trim(); $_.InvocationInfo.PositionMessage }|At line:3 char:3\n+ Get-Mailbox nobody -ErrorAction Stop } catch { $_.InvocationInfo.ScriptLineNumber; $_.InvocationInfo.Line.Trim(); $_.InvocationInfo.PositionMessage }',
  ],
  [
    'function f {\n throw "x"\n}\ntry { f } catch { $_.InvocationInfo.ScriptLineNumber; $_.ScriptStackTrace }',
    '2|at <ScriptBlock>, line 2',
  ],
])

cases('sorting is stable, grouping keeps the first form, counting is of what is there', [
  ['"b1", "a2", "B3", "a1" | sort { $_[0] }; "c", "B", "a" | sort; "a", "A", "b" | sort -Unique', 'a2|a1|b1|B3|a|B|c|a|b'],
  ['"10", "9", 1 | sort; 10, 9, 1 | sort; "a10", "a9" | sort; 3, $null, 1 | sort | % { "[$_]" }', '1|10|9|1|9|10|a10|a9|[]|[1]|[3]'],
  ['"a", "A", "b" | group | % { "$($_.Name)$($_.Count)" }; (1, 1, 2 | group)[0].Group.Count; ("x" | group).Values', 'a2|b1|2|x'],
  [
    '(1, 2, $null, 3 | measure).Count; (1, 2 | measure -Sum).Sum; ("3", "4" | measure -Sum).Sum; ("b", "a" | measure -Maximum).Maximum; (@() | measure).Count',
    '3|3|7|b|0',
  ],
  [
    '(compare (1, 2, 3) (3, 4)).Count; compare "a" "A" | measure | % Count; compare "a" "A" -CaseSensitive | measure | % Count; (compare (1, 2) (2, 3) -ExcludeDifferent -IncludeEqual).InputObject',
    '3|0|2|2',
  ],
  [
    '1..5 | select -First 2 -Skip 1; 1..5 | select -Last 2 -Skip 1; "a", "b", "a" | select -Unique; 1, 2 | select -Index 1',
    '2|3|3|4|a|b|2',
  ],
])
