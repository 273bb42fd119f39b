// table
/**
 * The part of the PowerShell module that is written by hand; the cmdlets around it are generated. It keeps to what Windows PowerShell 5.1 and
 * PowerShell 7 have both: no ternary, no `??`, no back-tick. The connection is kept in the memory of the module.
 */
export const powerShellCore = String.raw`
$script:Connection = $null

function Connect-Isthmus {
    [CmdletBinding(DefaultParameterSetName = 'Device')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [uri] $Uri,
        [Parameter(Mandatory = $true, Position = 1)] [string] $Organization,
        [Parameter(Mandatory = $true, ParameterSetName = 'Credential')]
        [System.Management.Automation.PSCredential] [System.Management.Automation.Credential()] $Credential,
        [Parameter(ParameterSetName = 'Device')] [switch] $Device
    )
    if ($Uri.Scheme -ne 'https') { throw 'Connect-Isthmus needs an address that begins with https://.' }
    if ($PSVersionTable.PSVersion.Major -lt 6) {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    }
    $new = @{
        Site = $Uri.GetLeftPart([UriPartial]::Authority); Organization = $Organization; Basic = $null
        AccessToken = $null; RefreshToken = $null; Until = [datetime]::MinValue; TokenEndpoint = $null; RevocationEndpoint = $null
    }
    if ($PSCmdlet.ParameterSetName -eq 'Credential') {
        $pair = $Credential.UserName + ':' + $Credential.GetNetworkCredential().Password
        $new.Basic = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($pair))
    }
    else { Start-IsthmusSignIn $new }
    try { $null = Send-IsthmusRequest -Connection $new -Method 'GET' -Operation 'Cmdlets' }
    catch { $PSCmdlet.ThrowTerminatingError((New-IsthmusError $_ 'Connect-Isthmus' $Organization)) }
    $script:Connection = $new
}

function Disconnect-Isthmus {
    [CmdletBinding()]
    param()
    $old = $script:Connection
    $script:Connection = $null
    if ($null -ne $old -and $old.RefreshToken -and $old.RevocationEndpoint) {
        $form = @{ client_id = 'isthmus-shell'; token = $old.RefreshToken; token_type_hint = 'refresh_token' }
        $null = Invoke-RestMethod -Method 'POST' -Uri $old.RevocationEndpoint -Body $form -UseBasicParsing
    }
}

function Start-IsthmusSignIn($Connection) {
    $site = Invoke-RestMethod -Uri ($Connection.Site + '/oauth2/.well-known/openid-configuration') -UseBasicParsing
    $endpoints = @($site.device_authorization_endpoint, $site.token_endpoint, $site.revocation_endpoint)
    foreach ($endpoint in $endpoints) {
        if ($endpoint -and ([uri] $endpoint).Scheme -ne 'https') { throw 'The site names an address for signing in that is not https://.' }
        if ($endpoint -and ([uri] $endpoint).Authority -ne ([uri] $Connection.Site).Authority) { throw ('One signs in at ' + ([uri] $endpoint).Authority + ': connect to that address.') }
    }
    $Connection.TokenEndpoint = $site.token_endpoint
    $Connection.RevocationEndpoint = $site.revocation_endpoint
    $form = @{
        client_id = 'isthmus-shell'; scope = 'openid profile offline_access administration'
        device_name = [Environment]::MachineName -replace '[^A-Za-z0-9._-]', '-'
    }
    $asked = Invoke-RestMethod -Method 'POST' -Uri $site.device_authorization_endpoint -Body $form -UseBasicParsing
    Write-Host ('To sign in, open {0} and enter the code {1}.' -f $asked.verification_uri, $asked.user_code)
    $wait = 5
    if ($asked.interval) { $wait = [int] $asked.interval }
    $last = (Get-Date).AddSeconds([int] $asked.expires_in)
    while ((Get-Date) -lt $last) {
        Start-Sleep -Seconds $wait
        $form = @{
            client_id = 'isthmus-shell'; device_code = $asked.device_code
            grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
        }
        try { Set-IsthmusToken $Connection (Invoke-RestMethod -Method 'POST' -Uri $site.token_endpoint -Body $form -UseBasicParsing); return }
        catch {
            $problem = Get-IsthmusProblem $_
            if ($problem.error -eq 'slow_down') { $wait += 5 }
            elseif ($problem.error -ne 'authorization_pending') { throw }
        }
    }
    throw 'Nobody entered the code in time. Run Connect-Isthmus again.'
}

function Set-IsthmusToken($Connection, $Token) {
    $Connection.AccessToken = $Token.access_token
    if ($Token.PSObject.Properties['refresh_token']) { $Connection.RefreshToken = $Token.refresh_token }
    $Connection.Until = (Get-Date).AddSeconds([int] $Token.expires_in - 60)
}

function Get-IsthmusAuthorization($Connection) {
    if ($Connection.Basic) { return 'Basic ' + $Connection.Basic }
    if ((Get-Date) -ge $Connection.Until) {
        if (-not $Connection.RefreshToken) { throw 'The sign-in has ended. Run Connect-Isthmus again.' }
        $form = @{ client_id = 'isthmus-shell'; grant_type = 'refresh_token'; refresh_token = $Connection.RefreshToken }
        Set-IsthmusToken $Connection (Invoke-RestMethod -Method 'POST' -Uri $Connection.TokenEndpoint -Body $form -UseBasicParsing)
    }
    return 'Bearer ' + $Connection.AccessToken
}

function Send-IsthmusRequest {
    param($Connection, [string] $Method, [string] $Operation, [string] $Query = '', [string] $Body, [string] $CmdletName)
    $headers = @{
        'Authorization' = Get-IsthmusAuthorization $Connection; 'Accept' = 'application/json'
        'Prefer' = 'odata.maxpagesize=1000'; 'X-ResponseFormat' = 'json'
    }
    if ($CmdletName) { $headers['X-CmdletName'] = $CmdletName }
    $address = $Connection.Site + '/adminapi/v2.0/' + [uri]::EscapeDataString($Connection.Organization) + '/' + $Operation + $Query
    $request = @{ Method = $Method; Uri = $address; Headers = $headers; UseBasicParsing = $true }
    if ($Body) {
        $request['Body'] = [Text.Encoding]::UTF8.GetBytes($Body)
        $request['ContentType'] = 'application/json; charset=utf-8'
    }
    Invoke-RestMethod @request
}

function Get-IsthmusProblem($Failure) {
    $text = $null
    if ($Failure.ErrorDetails) { $text = $Failure.ErrorDetails.Message }
    $response = $null
    if ($Failure.Exception.PSObject.Properties['Response']) { $response = $Failure.Exception.Response }
    if (-not $text -and $null -ne $response -and $response.PSObject.Methods['GetResponseStream']) {
        $text = (New-Object IO.StreamReader ($response.GetResponseStream(), [Text.Encoding]::UTF8)).ReadToEnd()
    }
    if (-not $text) { return $null }
    try { return $text | ConvertFrom-Json } catch { return $null }
}

function New-IsthmusError($Failure, [string] $CmdletName, $Target) {
    $problem = Get-IsthmusProblem $Failure
    $code = 'ConnectionFailed'
    $message = $Failure.Exception.Message
    if ($null -ne $problem -and $problem.PSObject.Properties['error'] -and $problem.error.PSObject.Properties['code']) {
        $code = $problem.error.code
        $message = $problem.error.message
    }
    $categories = @{
        'AccessDenied' = 'PermissionDenied'; 'OutOfScope' = 'PermissionDenied'; 'Unauthenticated' = 'AuthenticationError'
        'SecondFactorRequired' = 'AuthenticationError'; 'StepUpRequired' = 'AuthenticationError'; 'ObjectNotFound' = 'ObjectNotFound'
        'CmdletNotFound' = 'ObjectNotFound'; 'InvalidParameter' = 'InvalidArgument'; 'NameTaken' = 'ResourceExists'
        'ServerBusy' = 'ResourceBusy'; 'ConnectionFailed' = 'ConnectionError'
    }
    $category = 'NotSpecified'
    if ($categories.ContainsKey($code)) { $category = $categories[$code] }
    $exception = New-Object System.InvalidOperationException ($message, $Failure.Exception)
    $record = New-Object System.Management.Automation.ErrorRecord ($exception, $code, $category, $Target)
    $record.CategoryInfo.Activity = $CmdletName
    return $record
}

function ConvertTo-IsthmusValue($Value) {
    if ($null -eq $Value) { return $null }
    $plain = $Value
    if ($Value -is [psobject] -and $null -ne $Value.PSObject.BaseObject) { $plain = $Value.PSObject.BaseObject }
    if ($plain -is [string]) { return [string]::Concat($plain, '') }
    if ($plain -is [switch]) { return $plain.IsPresent }
    if ($plain -is [datetime]) { return $plain.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [Globalization.CultureInfo]::InvariantCulture) }
    if ($plain -is [enum] -or $plain -is [timespan] -or $plain -is [guid] -or $plain -is [uri] -or $plain -is [scriptblock]) { return $plain.ToString() }
    if ($plain -is [System.Security.SecureString]) { return (New-Object System.Net.NetworkCredential ('', $plain)).Password }
    if ($plain -is [System.Management.Automation.PSCredential]) {
        return @{ UserName = $plain.UserName; Password = $plain.GetNetworkCredential().Password }
    }
    if ($plain -is [byte[]]) { return [Convert]::ToBase64String($plain) }
    if ($plain -is [Collections.IDictionary]) {
        $table = @{ '@odata.type' = '#Exchange.GenericHashTable' }
        foreach ($key in $plain.Keys) { $table[[string] $key] = ConvertTo-IsthmusValue $plain[$key] }
        return $table
    }
    if ($plain -is [Collections.IEnumerable]) {
        $list = New-Object System.Collections.ArrayList
        foreach ($item in $plain) { $null = $list.Add((ConvertTo-IsthmusValue $item)) }
        return , $list.ToArray()
    }
    if ($Value.PSObject.Methods['ToBytes']) { return $Value.ToString() }
    foreach ($name in 'Identity', 'Name') {
        if ($Value.PSObject.Properties[$name] -and $null -ne $Value.$name) { return [string] $Value.$name }
    }
    return $plain
}

function ConvertFrom-IsthmusText($Value, [string] $Mark) {
    $culture = [Globalization.CultureInfo]::InvariantCulture
    if ($Mark -eq 'System.DateTime') {
        if ($Value -is [datetime]) { return $Value.ToLocalTime() }
        return [datetime]::Parse($Value, $culture, [Globalization.DateTimeStyles]::RoundtripKind).ToLocalTime()
    }
    if ($Mark -eq 'System.Guid') { return [guid] $Value }
    if ($Mark -eq 'System.TimeSpan') { return [timespan]::Parse($Value, $culture) }
    if ($Mark -eq 'System.Int64') { return [long]::Parse($Value, $culture) }
    if ($Mark -eq 'System.Byte[]') { return , [Convert]::FromBase64String($Value) }
    if ($Mark -eq 'Microsoft.Exchange.Data.ByteQuantifiedSize') { return New-IsthmusSize $Value }
    return $Value
}

function New-IsthmusSize([string] $Text) {
    $size = New-Object psobject -Property @{ Text = $Text; IsUnlimited = ($Text -eq 'Unlimited') }
    $size | Add-Member -MemberType ScriptMethod -Name 'ToString' -Value { $this.Text } -Force
    $size | Add-Member -MemberType ScriptMethod -Name 'ToBytes' -Value {
        if ($this.Text -match '\(([0-9,]+) bytes\)') { return [long] ($Matches[1] -replace ',', '') }
        return $null
    }
    $size | Add-Member -MemberType ScriptMethod -Name 'ToKB' -Value { [math]::Floor($this.ToBytes() / 1kb) }
    $size | Add-Member -MemberType ScriptMethod -Name 'ToMB' -Value { [math]::Floor($this.ToBytes() / 1mb) }
    $size | Add-Member -MemberType ScriptMethod -Name 'ToGB' -Value { [math]::Floor($this.ToBytes() / 1gb) }
    $size | Add-Member -MemberType ScriptProperty -Name 'Value' -Value { $this }
    return $size
}

function ConvertFrom-IsthmusObject($Source, [string] $Type) {
    $properties = [ordered] @{}
    foreach ($property in $Source.PSObject.Properties) {
        if ($property.Name -match '@(odata|data)\.type$') { continue }
        $value = $property.Value
        $mark = $Source.PSObject.Properties[$property.Name + '@data.type']
        if ($null -ne $value) {
            if ($value -is [array]) {
                $list = New-Object System.Collections.ArrayList
                foreach ($item in $value) {
                    if ($null -ne $mark) { $null = $list.Add((ConvertFrom-IsthmusText $item $mark.Value)) }
                    elseif ($item -is [System.Management.Automation.PSCustomObject]) { $null = $list.Add((ConvertFrom-IsthmusObject $item '')) }
                    else { $null = $list.Add($item) }
                }
                $value = $list.ToArray()
            }
            elseif ($null -ne $mark) { $value = ConvertFrom-IsthmusText $value $mark.Value }
            elseif ($value -is [System.Management.Automation.PSCustomObject]) { $value = ConvertFrom-IsthmusObject $value '' }
        }
        $properties[$property.Name] = $value
    }
    $object = [pscustomobject] $properties
    if ($Type) { $object.PSObject.TypeNames.Insert(0, 'Isthmus.' + $Type) }
    return $object
}

function Invoke-IsthmusCmdlet($Caller, [string] $Name, $Bound, [string] $Type, [bool] $Changes) {
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $parameters = @{}
    $target = $null
    foreach ($key in @($Bound.Keys)) {
        if ($common -contains $key) { continue }
        $parameters[$key] = ConvertTo-IsthmusValue $Bound[$key]
        if ($key -eq 'Identity' -or ($null -eq $target -and $key -eq 'Name')) { $target = $parameters[$key] }
    }
    if ($Changes -and -not $Caller.ShouldProcess([string] $target, $Name)) { return }
    if ($null -eq $script:Connection) {
        $why = New-Object System.InvalidOperationException 'Run Connect-Isthmus first.'
        $Caller.ThrowTerminatingError((New-Object System.Management.Automation.ErrorRecord ($why, 'NotConnected', 'ConnectionError', $null)))
    }
    $body = @{ CmdletInput = @{ CmdletName = $Name; Parameters = $parameters } } | ConvertTo-Json -Depth 12 -Compress
    $query = ''
    do {
        $page = $null
        try {
            $page = Send-IsthmusRequest -Connection $script:Connection -Method 'POST' -Operation 'InvokeCommand' -Query $query -Body $body -CmdletName $Name
        }
        catch {
            $Caller.WriteError((New-IsthmusError $_ $Name $target))
            return
        }
        foreach ($warning in @($page.'@adminapi.warnings')) { if ($warning) { $Caller.WriteWarning($warning) } }
        foreach ($item in @($page.value)) { if ($null -ne $item) { ConvertFrom-IsthmusObject $item $Type } }
        $query = ''
        if ($page.PSObject.Properties['@odata.nextLink']) { $query = ([uri] $page.'@odata.nextLink').Query }
    } while ($query)
}
`.trimStart()
