// Brings the tables of README.md up to date with action.yml; with --check it only says whether they are.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withTables } from './readme-tables.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const readme = readFileSync('README.md', 'utf8')
const fresh = withTables(readme, readFileSync('action.yml', 'utf8'))

if (fresh === readme) {
  process.stdout.write('README.md is up to date with action.yml.\n')
} else if (values.check) {
  process.stderr.write('README.md is not up to date with action.yml: run `npm run docs`.\n')
  process.exitCode = 1
} else {
  writeFileSync('README.md', fresh)
  process.stdout.write('README.md was brought up to date with action.yml.\n')
}
