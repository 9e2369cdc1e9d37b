// Writes the generated parts of action.yml, README.md and docs/inputs.md. With --check it only reports whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withMetadata } from './action-metadata.ts'
import { withTables } from './input-tables.ts'
import { withOverview } from './readme-tables.ts'

const GENERATED = { 'action.yml': withMetadata, 'README.md': withOverview, 'docs/inputs.md': withTables }

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

for (const [path, generate] of Object.entries(GENERATED)) {
  const current = readFileSync(path, 'utf8')
  const generated = generate(current)
  if (generated === current) {
    process.stdout.write(`${path} is up to date.\n`)
  } else if (values.check) {
    process.stderr.write(`${path} is not up to date: run \`npm run docs\`.\n`)
    process.exitCode = 1
  } else {
    writeFileSync(path, generated)
    process.stdout.write(`Updated ${path}.\n`)
  }
}
