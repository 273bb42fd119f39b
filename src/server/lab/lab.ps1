# The lab, as an administrator would set it up: run once for each of its parts, when "npm start" finds an empty data folder.
# $Part is 'onprem', 'online', 'fabrikam', 'administer' (online) or 'hybrid' (on-premises); $Password is everybody's. Every line works in "isthmus shell" too.
# $Token lets its bearer administer the online service.
param([string]$Part, [string]$Password, [string]$Token)

$secret = ConvertTo-SecureString $Password -AsPlainText -Force
$berlin = 'W. Europe Standard Time'

function New-Person($Alias, $Name, $Domain, $Title, $Department) {
    $first, $last = $Name -split ' ', 2
    New-Mailbox -Name $Name -Alias $Alias -PrimarySmtpAddress "$Alias@$Domain" -UserPrincipalName "$Alias@$Domain" `
        -FirstName $first -LastName "$last" -Password $secret | Out-Null
    Set-User $Alias -Title $Title -Department $Department
    Set-MailboxRegionalConfiguration $Alias -TimeZone $berlin
}

switch ($Part) {
    'onprem' {
        # People of contoso.com, their addresses, phones and managers
        New-Person administrator 'Administrator' contoso.com 'Administrator' 'IT'
        New-Person mary 'Mary Jensen' contoso.com 'Head of Projects' 'Projects'
        New-Person rob 'Rob Young' contoso.com 'Software Engineer' 'Engineering'
        New-Person ann 'Ann Beebe' contoso.com 'Office Manager' 'Office'
        Set-Mailbox mary -EmailAddresses @{Add = 'mary.jensen@contoso.com'}
        Set-Mailbox administrator -EmailAddresses @{Add = 'postmaster@contoso.com'}
        Set-User mary -Office 'Building 1, 214' -Phone '+49 30 555 0101' -MobilePhone '+49 171 555 0101' -Manager administrator
        Set-User rob -Office 'Building 1, 118' -Phone '+49 30 555 0102' -Manager mary
        Set-User ann -Office 'Building 1, 101' -Phone '+49 30 555 0103' -Manager mary

        # The sales mailbox, which Mary and Rob open and send from
        New-Mailbox -Shared -Name 'Contoso Sales' -Alias sales | Out-Null
        Set-User sales -Department Sales
        foreach ($seller in 'mary', 'rob') {
            Add-MailboxPermission sales -User $seller -AccessRights FullAccess | Out-Null
            Add-RecipientPermission sales -Trustee $seller -AccessRights SendAs -Confirm:$false | Out-Null
        }
        Set-Mailbox sales -GrantSendOnBehalfTo 'mary', 'rob'

        # Rooms, and the list that finds them
        New-Mailbox -Room -Name 'Room 1 (Berlin)' -Alias room1 | Set-Mailbox -Office 'Building 1' -ResourceCapacity 12
        New-Mailbox -Room -Name 'Room 2 (Berlin)' -Alias room2 | Set-Mailbox -Office 'Building 1' -ResourceCapacity 4
        New-DistributionGroup -RoomList -Name 'Rooms in Building 1' -Alias rooms -Members 'room1', 'room2' | Out-Null
        'sales', 'room1', 'room2' | Set-MailboxRegionalConfiguration -TimeZone $berlin

        # Everybody, in one group
        New-DistributionGroup -Name 'All Staff' -Alias staff -Members 'mary', 'rob', 'ann', 'administrator' | Out-Null

        # Folders that people have made for themselves
        New-MailboxFolder -Parent mary:\ -Name Projects | Out-Null
        'Atlas', 'Borealis' | % { New-MailboxFolder -Parent mary:\Projects -Name $_ | Out-Null }
        New-MailboxFolder -Parent mary:\ -Name Receipts | Out-Null
        'Builds', 'Customers' | % { New-MailboxFolder -Parent rob:\ -Name $_ | Out-Null }
        New-MailboxFolder -Parent ann:\ -Name Travel | Out-Null
        New-MailboxFolder -Parent sales:\ -Name Offers | Out-Null

        # Ann keeps Mary's calendar, sees her inbox and answers for her
        Add-MailboxFolderPermission mary:\Calendar -User ann -AccessRights Editor | Out-Null
        Add-MailboxFolderPermission mary:\Inbox -User ann -AccessRights Reviewer | Out-Null
        Set-Mailbox mary -GrantSendOnBehalfTo ann

        # Who administers
        Add-RoleGroupMember 'Organization Management' -Member administrator
        New-ManagementRoleAssignment -Role ApplicationImpersonation -User administrator | Out-Null

        # Joe, whose mailbox is online
        New-MailUser -Name 'Joe Healy' -Alias joe -FirstName Joe -LastName Healy -PrimarySmtpAddress joe@contoso.com `
            -ExternalEmailAddress joe@contoso.online.example | Out-Null
        Set-MailUser joe -EmailAddresses @{Add = 'joe@contoso.online.example'}
        Set-User joe -Title 'Sales Representative' -Department Sales
    }
    'online' {
        # Joe lives online; his colleagues on-premises are mail users, as directory synchronisation makes them
        New-Person joe 'Joe Healy' contoso.com 'Sales Representative' 'Sales'
        Set-Mailbox joe -EmailAddresses @{Add = 'joe@contoso.online.example'}
        foreach ($one in 'Mary Jensen', 'Rob Young', 'Ann Beebe', 'Administrator') {
            $alias = ($one -split ' ')[0].ToLower()
            New-MailUser -Name $one -Alias $alias -PrimarySmtpAddress "$alias@contoso.com" -ExternalEmailAddress "$alias@contoso.com" | Out-Null
        }
    }
    'fabrikam' {
        New-Person fay 'Fay Nix' fabrikam.online.example 'Purchasing' ''
    }
    'administer' {
        # The administrator of on-premises administers the online organisation too
        if (!(Get-RoleGroupMember 'Organization Management' | ? Name -eq Administrator)) {
            Add-RoleGroupMember 'Organization Management' -Member administrator
        }
    }
    'hybrid' {
        # Both premises become one organisation: free/busy in all three generations, MailTips, and mail between them. Run again at every
        # start, it finds nothing to do. Each cmdlet that it runs, and where: Update-HybridConfiguration gives them, isthmus hybrid setup too
        $answers = @{
            Domains           = 'contoso.com'
            Features          = 'FreeBusy', 'MailTips', 'SecureMail'
            TenantUrl         = 'https://outlook.online.example'
            CoexistenceDomain = 'contoso.online.example'
            AuthServiceUrl    = 'https://login.online.example'
            OnPremisesUrl     = 'https://mail.contoso.com'
            AutodiscoverUrl   = 'https://autodiscover.contoso.com'
        }
        $written = Get-HybridConfiguration
        if (!$written) { New-HybridConfiguration @answers | Out-Null }
        elseif (!$written.TenantUrl) { Set-HybridConfiguration @answers }
        # What it warns of is that nothing acts yet on some of what it sets
        $bearer = ConvertTo-SecureString $Token -AsPlainText -Force
        Update-HybridConfiguration -TenantAccessToken $bearer -WarningAction SilentlyContinue | Out-Null
    }
}
