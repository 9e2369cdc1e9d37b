import { run } from './run/cleanup.ts'

await run()
