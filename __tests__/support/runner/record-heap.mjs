// Imported into a step: writes the size of the young generation of its heap at the end, in MiB.
import { writeFileSync } from 'node:fs'
import { getHeapSpaceStatistics } from 'node:v8'

process.on('exit', () => {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  writeFileSync(process.env.TEST_HEAP, String(young.space_size / 1024 / 1024))
})
