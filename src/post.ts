import { cleanupStep } from './run/cleanup.ts'

await cleanupStep()
