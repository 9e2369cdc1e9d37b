import { run } from './cleanup.ts'

await run()
