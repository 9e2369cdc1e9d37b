import { mainStep } from './run/step.ts'

await mainStep()
