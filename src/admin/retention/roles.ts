/** Management roles that hold the cmdlets of retention, and those that only show it. */
export const retentionRoles = ['Retention Management']
export const retentionViewers = [...retentionRoles, 'View-Only Configuration']
