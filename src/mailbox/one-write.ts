/** Items that one write of long work takes. With ten times as many, somebody else's FindItem waits four times as long (`bench/purge.ts`). */
export const itemsOfOneWrite = 20
