import type { EwsVerb } from '../../verb.ts'
import { addDelegate, removeDelegate, updateDelegate } from './change-delegates.ts'
import { getDelegate } from './get-delegate.ts'

export const delegateVerbs: readonly EwsVerb[] = [getDelegate, addDelegate, updateDelegate, removeDelegate]
