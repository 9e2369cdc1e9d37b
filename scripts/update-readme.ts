// Writes the generated parts of action.yml, README.md and docs/inputs.md, and the files that are made as a whole.
// With --check it only reports whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withMetadata } from './action-metadata.ts'
import { builderPage } from './builder/generate.ts'
import { clustersWorkflow } from './clusters-workflow.ts'
import { withTables } from './input-tables.ts'
import { withOverview } from './readme-tables.ts'

const GENERATED: Readonly<Record<string, (current: string) => string | Promise<string>>> = {
  'action.yml': withMetadata,
  'README.md': withOverview,
  'docs/inputs.md': withTables,
  'docs/workflow-builder.html': builderPage,
  '.github/workflows/rotate-clusters.yml': clustersWorkflow,
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

for (const [path, generate] of Object.entries(GENERATED)) {
  const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const generated = await generate(current)
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
