import type { EwsVerb } from '../../verb.ts'
import { getEvents } from './get-events.ts'
import { getStreamingEvents } from './get-streaming-events.ts'
import { subscribe } from './subscribe.ts'
import { unsubscribe } from './unsubscribe.ts'

export const notificationVerbs: readonly EwsVerb[] = [subscribe, unsubscribe, getEvents, getStreamingEvents]
