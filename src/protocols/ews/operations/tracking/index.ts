import type { EwsVerb } from '../../verb.ts'
import { findMessageTrackingReport } from './find-message-tracking-report.ts'
import { getMessageTrackingReport } from './get-message-tracking-report.ts'

export const trackingVerbs: readonly EwsVerb[] = [findMessageTrackingReport, getMessageTrackingReport]
