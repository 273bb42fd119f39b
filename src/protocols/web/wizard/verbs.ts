import { wizardHere } from './here.ts'
import { wizardCode, wizardOnline, wizardToken } from './online.ts'
import { wizardLook } from './look.ts'
import { wizardTest } from './lookup.ts'
import { wizardCheck, wizardPreview, wizardStep } from './update.ts'

export const wizardVerbs = {
  wizardHere,
  wizardCode,
  wizardToken,
  wizardOnline,
  wizardLook,
  wizardPreview,
  wizardStep,
  wizardCheck,
  wizardTest,
}
