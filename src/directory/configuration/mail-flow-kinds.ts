/** Kinds for mail flow as a whole: how much, how far, and what is told of it. */
import { kind } from './kind.ts'
import { flag, onlySet, timeSpan } from './property.ts'

export const mailFlowKinds = {
  TransportService: kind({
    source: 'Set-TransportService',
    name: 'TransportService',
    singleton: 'always',
    properties: {
      MessageTrackingLogEnabled: onlySet(flag(true)),
      MessageTrackingLogSubjectLoggingEnabled: onlySet(flag(true)),
      MessageTrackingLogMaxAge: onlySet(timeSpan('30.00:00:00')),
    },
  }),
} as const
